using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>A directory of two backups that share a table, and what each must restore to.</summary>
internal sealed class BackupFixture
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ImageHistory _history;

    private BackupFixture(ImageHistory history) => _history = history;

    public static BackupFixture Only { get; } = Create();

    public LsmStoreOptions Options { get; } = ImageScripts.Options("normal");

    /// <summary>The records and the tables, in order.</summary>
    public IReadOnlyList<string> Names => [.. _files.Keys.Order(StringComparer.Ordinal)];

    public byte[] Bytes(string name) => _files[name];

    /// <summary>What the store was when the backup was made.</summary>
    public int[] State(long id) => _history.States[_history.Copies[(int)id - 1]];

    public static string CopyDirectory(long id) => ImageHistory.CopyDirectory((int)id - 1);

    /// <summary>A disk with these files, but for those that are given otherwise; null is a file that is missing.</summary>
    public SimFileSystem Disk(params IReadOnlyList<(string Name, byte[]? Bytes)> others)
    {
        var nodes = new Dictionary<string, SimNode>(StringComparer.Ordinal);
        foreach (var (name, bytes) in _files.Select(static file => (file.Key, (byte[]?)file.Value)).Concat(others))
        {
            nodes.Remove($"{ScriptWord.Backups}/{name}");
            if (bytes is not null)
            {
                nodes.Add($"{ScriptWord.Backups}/{name}", SimNode.Frozen(nodes.Count, bytes, bytes.Length, bytes.Length));
            }
        }

        return new SimFileSystem([ScriptWord.Backups], nodes) { Bounds = [ScriptWord.Backups, CopyDirectory(1), CopyDirectory(2)] };
    }

    private static BackupFixture Create()
    {
        var run = ImageScript.Run("p0 p1 p2 r3-6 F p7 U p4 d1 r6-8 b U", ImageScripts.Options("normal"));
        var fixture = new BackupFixture(run.History);
        foreach (var (path, node) in run.Files.Names.Files.Where(static file => SimNames.Parent(file.Key) == ScriptWord.Backups))
        {
            var bytes = new byte[node.Length];
            node.Read(0, bytes);
            fixture._files.Add(Path.GetFileName(path), bytes);
        }

        fixture._files.Remove(FileNames.Lock); // of which nobody reads a byte
        run.Close();
        return fixture;
    }
}
