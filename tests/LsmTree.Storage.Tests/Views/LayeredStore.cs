namespace LsmTree.Storage.Tests.Views;

/// <summary>
/// A store whose entries lie in every kind of source at once (deep levels, level 0, frozen memtables, the active one), with deletes, range deletes
/// and snapshots, beside a sorted dictionary that knows the truth at each of those moments.
/// </summary>
internal sealed class LayeredStore : IDisposable
{
    private static readonly byte[] s_alphabet = [0x00, 0x01, (byte)'a', (byte)'b', 0xFE, 0xFF];

    private readonly List<Snapshot> _snapshots = [];
    private readonly Random _random;
    private SortedDictionary<byte[], byte[]> _live = new(ByteOrder.Instance);

    public LayeredStore(int seed, LsmStoreOptions? options = null)
    {
        _random = new Random(seed);
        Store = LsmStore.OpenInMemory((options ?? new LsmStoreOptions()) with
        {
            Background = BackgroundMode.Manual,
            MemtableBytes = 64 << 10,
            TableBytes = 64 << 10,
            BlockBytes = 512,
            Seed = (ulong)seed,
        });
        Fill();
    }

    public LsmStore Store { get; }

    /// <summary>What each moment holds: the present one with null, then older ones with their snapshots.</summary>
    public List<(Snapshot? Snapshot, SortedDictionary<byte[], byte[]> Entries)> Moments { get; } = [];

    public void Dispose()
    {
        foreach (var snapshot in _snapshots)
        {
            snapshot.Dispose();
        }

        Store.Dispose();
    }

    /// <summary>A key of 0 to 4 bytes out of few, so that keys are prefixes of each other and meet the ends of the byte range.</summary>
    public byte[] RandomKey()
    {
        var key = new byte[Math.Max(_random.Next(5), _random.Next(5))];
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = s_alphabet[_random.Next(s_alphabet.Length)];
        }

        return key;
    }

    public byte[] RandomValue(int longest)
    {
        var value = new byte[_random.Next(longest)];
        _random.NextBytes(value);
        return value;
    }

    private void Fill()
    {
        // Enough bytes in the last level that the next compactions stop one level above it.
        for (var round = 0; round < 24; round++)
        {
            Write(operations: 60, longestValue: 6_000);
            RunAllSteps(); // nobody else would make room for a writer that has to wait
        }

        Store.Compact();
        for (var table = 0; table < 4; table++)
        {
            Write(operations: 60, longestValue: 500);
            Store.Flush();
        }

        while (Store.GetLevels()[0].Tables > 0)
        {
            Store.RunBackgroundStep();
        }


        for (var table = 0; table < 3; table++)
        {
            Write(operations: 120, longestValue: 100);
            Keep();
            Store.Flush();
        }

        while (Store.GetStatistics().FrozenMemtables == 0)
        {
            Write(operations: 10, longestValue: 3_000);
        }

        Keep();
        Write(operations: 60, longestValue: 40);
        Moments.Insert(0, (null, _live));
        Assert.True(Store.GetStatistics().FrozenMemtables > 0);
        var levels = Store.GetLevels();
        Assert.Equal(3, levels[0].Tables);
        Assert.True(levels.Count(static level => level.Level > 0 && level.Tables > 0) >= 2, string.Join(", ", levels.Where(static level => level.Tables > 0)));
        Assert.True(levels.Sum(static level => level.Tombstones) > 0);
    }

    private void RunAllSteps()
    {
        while (Store.RunBackgroundStep())
        {
        }
    }

    private void Keep()
    {
        var snapshot = Store.CreateSnapshot();
        _snapshots.Add(snapshot);
        Moments.Add((snapshot, new SortedDictionary<byte[], byte[]>(_live, ByteOrder.Instance)));
    }

    private void Write(int operations, int longestValue)
    {
        for (var i = 0; i < operations; i++)
        {
            var key = RandomKey();
            switch (_random.Next(20))
            {
                case < 16:
                case 19 when key.Length < 2: // a range delete here would leave little
                    var value = RandomValue(longestValue);
                    Store.Put(key, value);
                    _live[key] = value;
                    break;
                case < 19:
                    Store.Delete(key);
                    _live.Remove(key);
                    break;
                default:
                    // Short ranges: the key and what begins with it.
                    var end = (byte[])[.. key, s_alphabet[_random.Next(s_alphabet.Length)]];
                    Store.DeleteRange(key, end);
                    foreach (var gone in _live.Keys.Where(candidate => candidate.AsSpan().SequenceCompareTo(key) >= 0 && candidate.AsSpan().SequenceCompareTo(end) < 0).ToList())
                    {
                        _live.Remove(gone);
                    }

                    break;
            }
        }
    }
}
