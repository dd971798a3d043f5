using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Blocks;

/// <summary>Writes the contents of a block of entries (<see cref="BlockFormat"/>). Used again and again by one writer.</summary>
internal sealed class BlockBuilder : IDisposable
{
    /// <summary>The most that an entry takes besides key and value.</summary>
    private const int MaxEntryOverhead = 3 * Varint.MaxLength32 + Varint.MaxLength64 + sizeof(uint);

    private readonly int _restartInterval;
    private readonly ByteBuffer _contents = new();
    private readonly List<uint> _restarts = [];
    private int _entriesSinceRestart;

    public BlockBuilder(int restartInterval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(restartInterval, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(restartInterval, BlockFormat.MaxRestartInterval);
        _restartInterval = restartInterval;
    }

    public int EntryCount { get; private set; }

    /// <summary>The size of the contents if <see cref="Finish"/> were called now, in bytes.</summary>
    public int EstimatedBytes => _contents.Length + (_restarts.Count + 1) * sizeof(uint);

    /// <summary>True when the entry would take the block beyond <paramref name="limit"/> bytes.</summary>
    public bool WouldExceed(int limit, int keyLength, int valueLength) =>
        (long)EstimatedBytes + MaxEntryOverhead + keyLength + valueLength > limit;

    /// <summary>Appends an entry. The caller keeps the order.</summary>
    /// <param name="key">The user key.</param>
    /// <param name="shared">Bytes that <paramref name="key"/> has in common with the start of the key before; any value when the block is empty.</param>
    /// <param name="trailer">The entry's trailer.</param>
    /// <param name="value">The value.</param>
    public void Add(ReadOnlySpan<byte> key, int shared, ulong trailer, ReadOnlySpan<byte> value)
    {
        if (EntryCount == 0 || _entriesSinceRestart == _restartInterval)
        {
            _restarts.Add((uint)_contents.Length);
            _entriesSinceRestart = 0;
            shared = 0;
        }

        var suffix = key[shared..];
        var destination = _contents.Reserve(checked(MaxEntryOverhead + suffix.Length + value.Length));
        var at = Varint.Write(destination, (uint)shared);
        at += Varint.Write(destination[at..], (uint)suffix.Length);
        at += Varint.Write(destination[at..], (uint)value.Length);
        at += Varint.Write(destination[at..], trailer);
        suffix.CopyTo(destination[at..]);
        at += suffix.Length;
        value.CopyTo(destination[at..]);
        _contents.Advance(at + value.Length);
        _entriesSinceRestart++;
        EntryCount++;
    }

    /// <summary>Appends the restart array and gives the contents, valid until <see cref="Reset"/>. Requires an entry.</summary>
    public ByteBuffer Finish()
    {
        if (EntryCount == 0)
        {
            throw new InvalidOperationException("A block without entries has no place in a table.");
        }

        foreach (var restart in _restarts)
        {
            _contents.AppendUInt32(restart);
        }

        _contents.AppendUInt32((uint)_restarts.Count);
        return _contents;
    }

    public void Reset()
    {
        _contents.Clear();
        _restarts.Clear();
        _entriesSinceRestart = 0;
        EntryCount = 0;
    }

    public void Dispose() => _contents.Dispose();
}
