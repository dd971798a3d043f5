using System.Globalization;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Compactions;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

/// <summary>A manifest with a snapshot and some edits, damaged in every place.</summary>
public sealed class ManifestDamageTests
{
    private readonly MemoryFileSystem _files = new();
    private readonly List<string> _states = [];
    private readonly string _path;
    private readonly byte[] _good;

    public ManifestDamageTests()
    {
        using var tree = new TestTree(_files);
        _states.Add(tree.DumpAll());
        for (ulong i = 1; i <= 4; i++)
        {
            tree.FlushText($"a#{i * 10} b#{i * 10 + 1}");
            _states.Add(tree.DumpAll());
        }

        tree.CompactRange(KeyRange.Everything);
        _states.Add(tree.DumpAll());
        _path = $"{TestTree.Directory}/{FileNames.Manifest(tree.Versions.ManifestNumber)}";
        _good = FileContents.Read(_files, _path);
    }

    [Fact]
    public void Every_flipped_bit_is_found()
    {
        var missed = new List<string>();
        for (var bit = 0; bit < _good.Length * 8; bit++)
        {
            var bad = _good.ToArray();
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            // The last state, or none: the seal alone may be damaged without harm.
            if (StateOf(bad) is { } found && found != _states[^1])
            {
                missed.Add(string.Create(CultureInfo.InvariantCulture, $"bit {bit % 8} of byte {bit / 8} of {_good.Length} turned over: {found}"));
            }
        }

        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }

    [Fact]
    public void Whatever_is_overwritten_gives_an_error_or_a_state_that_there_was()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        for (var round = 0; round < 1000; round++)
        {
            var bad = _good.ToArray();
            var start = random.Next(bad.Length);
            random.NextBytes(bad.AsSpan(start, Math.Min(random.Next(1, 40), bad.Length - start)));
            var found = StateOf(bad);
            Assert.True(found is null || _states.Contains(found), string.Create(CultureInfo.InvariantCulture, $"seed {Seed}, round {round}: {found}"));
        }
    }

    [Fact]
    public void Every_truncation_gives_an_error_or_a_state_that_there_was()
    {
        var found = new HashSet<string>();
        for (var length = 0; length < _good.Length; length++)
        {
            if (StateOf(_good[..length]) is { } state)
            {
                Assert.Contains(state, _states);
                found.Add(state);
            }
        }

        // A cut between whole edits cannot be told from a shorter history as long as its tables are all there.
        Assert.True(found.Count > 1);
        Assert.Null(StateOf(_good[..64]));
    }

    [Fact]
    public void The_last_edit_is_not_lost_unnoticed_however_many_of_its_bits_change()
    {
        // Behind it stands its seal: a record without payload, 32 bytes.
        var bad = _good.ToArray();
        bad.AsSpan(_good.Length - 32 - 10, 10).Clear();
        Assert.Null(StateOf(bad));
        bad.AsSpan(_good.Length - 32 - 10, 10).Fill(0x5A);
        Assert.Null(StateOf(bad));
    }

    [Fact]
    public void A_torn_or_missing_seal_is_no_loss()
    {
        for (var length = _good.Length - 32; length < _good.Length; length++)
        {
            Assert.Equal(_states[^1], StateOf(_good[..length]));
        }
    }

    private string? StateOf(byte[] manifest)
    {
        Replace(_path, manifest);
        try
        {
            using var tree = new TestTree(_files);
            return tree.DumpAll();
        }
        catch (CorruptionException)
        {
            return null;
        }
    }

    private void Replace(string path, byte[] content)
    {
        _files.Delete(path);
        using var file = _files.CreateAppend(path, new AppendSettings(Mapped: false));
        file.Append(content);
        file.Finish();
    }
}
