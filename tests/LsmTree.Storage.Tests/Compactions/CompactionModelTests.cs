using System.Globalization;
using System.Text;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>
/// Random puts, deletes and range deletes, flushed and compacted in random steps while snapshots come and go: at every step every snapshot sees what
/// the history says, through a tree that is read as a whole.
/// </summary>
public sealed class CompactionModelTests
{
    private static readonly string[] s_keys = [.. Enumerable.Range(0, 40).Select(static i => $"k{i:00}")];

    private readonly List<(ulong Sequence, string Key, string? To, string? Value)> _history = [];
    private readonly List<ulong> _snapshots = [];
    private ulong _sequence;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Every_snapshot_sees_what_it_saw(int seed)
    {
        var random = new Random(seed);
        using var tree = new TestTree(levels: new LevelSettings(3, 2 << 10, 3, 400));
        for (var step = 0; step < 100; step++)
        {
            var what = Step(tree, random);
            var place = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, step {step}: {what}\n");
            // A few each time, all of them now and then: reading is what takes the time.
            foreach (var at in _snapshots.Where((_, i) => step % 20 == 19 || (i + step) % 8 == 0).Append(_sequence))
            {
                var expected = string.Join(' ', State(at).Select(static entry => $"{entry.Key}={entry.Value}"));
                var found = string.Join(' ', tree.Read(at).Select(static entry => $"{entry.Key}={entry.Value}"));
                Assert.True(expected == found, $"{place}at {at}\nexpected {expected}\nfound    {found}\n{tree.DumpAll()}");
            }
        }

        // With the last snapshot gone, what remains is exactly what is visible.
        _snapshots.Clear();
        tree.CompactRange(KeyRange.Everything);
        var visible = State(_sequence);
        Assert.Equal(visible.Count, tree.Version.Tables.Sum(static table => table.Info.EntryCount));
        Assert.Equal(0, tree.Version.Tables.Sum(static table => table.Info.TombstoneCount + table.Info.RangeTombstoneCount));
        Assert.All(tree.Version.Tables, static table => Assert.Equal(0UL, table.Info.LargestSequence));
        Assert.Equal(visible, tree.Read(_sequence));
    }

    private string Step(TestTree tree, Random random)
    {
        switch (random.Next(10))
        {
            case < 5:
                return FlushSome(tree, random);
            case < 8:
                var plan = tree.Pick([.. _snapshots]);
                if (plan is null)
                {
                    return "nothing to compact";
                }

                tree.Compact(plan, [.. _snapshots]);
                return plan.ToString();
            case 8:
                if (_snapshots.Count > 0 && random.Next(3) > 0)
                {
                    var gone = _snapshots[random.Next(_snapshots.Count)];
                    _snapshots.Remove(gone);
                    return $"release {gone}";
                }

                if (!_snapshots.Contains(_sequence))
                {
                    _snapshots.Add(_sequence);
                }

                return $"snapshot {_sequence}";
            default:
                var from = random.Next(s_keys.Length);
                var range = new KeyRange(Encoding.ASCII.GetBytes(s_keys[from]), Encoding.ASCII.GetBytes(s_keys[random.Next(from, s_keys.Length)]));
                var manual = CompactionPicker.PickManual(tree.Version, range, tree.Levels, [], _snapshots.Count > 0 ? _snapshots[0] : Trailer.MaxSequence);
                if (manual is not null)
                {
                    tree.Compact(manual, [.. _snapshots]);
                }

                return $"by hand {manual}";
        }
    }

    private string FlushSome(TestTree tree, Random random)
    {
        var entries = new List<(byte[], ulong, byte[])>();
        var tombstones = new List<RangeTombstone>();
        var snapshotInside = random.Next(4) == 0;
        var count = random.Next(1, 15);
        for (var i = 0; i < count; i++)
        {
            var sequence = ++_sequence;
            var key = s_keys[random.Next(s_keys.Length)];
            switch (random.Next(8))
            {
                case 0:
                    var to = s_keys[random.Next(s_keys.Length)];
                    if (string.CompareOrdinal(key, to) < 0)
                    {
                        tombstones.Add(new RangeTombstone(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(to), sequence));
                        _history.Add((sequence, key, to, null));
                    }

                    break;
                case < 3:
                    entries.Add((Encoding.ASCII.GetBytes(key), Trailer.Pack(sequence, EntryKind.Delete), []));
                    _history.Add((sequence, key, null, null));
                    break;
                default:
                    var value = new string((char)('a' + (int)(sequence % 26)), random.Next(40)) + sequence.ToString(CultureInfo.InvariantCulture);
                    entries.Add((Encoding.ASCII.GetBytes(key), Trailer.Pack(sequence, EntryKind.Put), Encoding.ASCII.GetBytes(value)));
                    _history.Add((sequence, key, null, value));
                    break;
            }

            if (snapshotInside && i == count / 2)
            {
                _snapshots.Add(sequence);
            }
        }

        tree.FlushEntries(entries, tombstones, [.. _snapshots]);
        return $"flush up to {_sequence}";
    }

    private SortedDictionary<string, string> State(ulong at)
    {
        var state = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (sequence, key, to, value) in _history)
        {
            if (sequence > at)
            {
                break;
            }

            if (to is not null)
            {
                foreach (var gone in s_keys.Where(other => string.CompareOrdinal(other, key) >= 0 && string.CompareOrdinal(other, to) < 0))
                {
                    state.Remove(gone);
                }
            }
            else if (value is null)
            {
                state.Remove(key);
            }
            else
            {
                state[key] = value;
            }
        }

        return state;
    }
}
