using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>The files of a store, and what it must read as: the thing that is damaged.</summary>
internal sealed class Fixture
{
    private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    private Fixture(string name, LsmStoreOptions options, ImageHistory history, int least)
    {
        Name = name;
        Options = options;
        History = history;
        Least = least;
    }

    /// <summary>Among them: every type of file, tables of several levels, range tombstones, compressed and plain blocks, logs that were closed and that were not.</summary>
    public static IReadOnlyList<Fixture> All { get; } =
    [
        Create("closed", "normal", "p0 p1 p2 p3 r5-9 F p4 d1 B F P5 r1-2 F p6 t f7", isClosed: true),
        Create("killed", "normal", "p0 p1 r3-6 F C p2 d0 F f4 B f5 d4 p9 p10", isClosed: false),
        Create("compressed", "brotli", "m F m F C r2-4 p1 F f3 f2", isClosed: false),
        Create("full", "full", "p1 p2 F X p3 R p4 r1-2 p5 b", isClosed: false),
    ];

    public string Name { get; }

    public LsmStoreOptions Options { get; }

    public ImageHistory History { get; }

    /// <summary>The last commit that was durable: damage may not take it back.</summary>
    public int Least { get; }

    /// <summary>The newest log with anything in it.</summary>
    public string NewestLog => field ??= _files.Where(static file => file.Key.EndsWith(".log", StringComparison.Ordinal) && file.Value.AsSpan().ContainsAnyExcept((byte)0)).Max(static file => file.Key) ?? "";

    /// <summary>The records of <see cref="NewestLog"/>.</summary>
    public NewestRecords NewestRecords => field ??= NewestRecords.Read(this);

    /// <summary>The files of the store's directory by name, in order.</summary>
    public IReadOnlyList<string> Names => field ??= [.. _files.Keys.Order(StringComparer.Ordinal)];

    public byte[] Bytes(string name) => _files[name];

    /// <summary>A disk with these files, but for those that are given otherwise; null is a file that is missing.</summary>
    public SimFileSystem Disk(params (string Name, byte[]? Bytes)[] others)
    {
        var nodes = new Dictionary<string, SimNode>(StringComparer.Ordinal);
        var id = 0;
        foreach (var (name, bytes) in _files)
        {
            nodes[$"{ScriptWord.Store}/{name}"] = SimNode.Frozen(id++, bytes, bytes.Length, bytes.Length);
        }

        foreach (var (name, bytes) in others)
        {
            nodes.Remove($"{ScriptWord.Store}/{name}");
            if (bytes is not null)
            {
                nodes[$"{ScriptWord.Store}/{name}"] = SimNode.Frozen(id++, bytes, bytes.Length, bytes.Length);
            }
        }

        return new SimFileSystem([ScriptWord.Store], nodes) { Bounds = [ScriptWord.Store] };
    }

    private static Fixture Create(string name, string set, string script, bool isClosed)
    {
        var options = ImageScripts.Options(set);
        var run = ImageScript.Run(script, options);
        if (isClosed)
        {
            run.Close();
        }

        var promise = default(ImagePromise);
        run.Files.Journal!.FindAll(static step => step.Kind == SimEventKind.Mark).ForEach(step => promise.Advance(step));
        var fixture = new Fixture(name, options, run.History, isClosed ? run.History.Last : promise.Least(Persistence.NothingUnsynced, options.Durability));
        foreach (var (path, node) in run.Files.Crash(keepsCache: true).Names.Files)
        {
            if (Path.GetDirectoryName(path) == ScriptWord.Store && Path.GetFileName(path) != "LOCK")
            {
                var bytes = new byte[node.Length];
                node.Read(0, bytes);
                fixture._files.Add(Path.GetFileName(path), bytes);
            }
        }

        return fixture;
    }
}
