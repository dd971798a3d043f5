using System.Diagnostics;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Blocks;

/// <summary>Walks the entries of one block, both ways. One cursor serves many blocks, one after the other.</summary>
/// <remarks>
/// <para>The cursor is at an entry (<see cref="IsValid"/>) or at none. Bytes that are no block of entries end the walk with <see cref="IsDamaged"/>: the
/// owner knows file and offset, and throws.</para>
/// <para>The key is put together in a buffer of the cursor, where the shared bytes are already: only the suffix is copied.</para>
/// <para>The owner sees to it that the block stays where it is for as long as the cursor is in it (<see cref="BlockFrame"/>).</para>
/// </remarks>
internal sealed class BlockCursor
{
    /// <summary>How far ahead of a walk memory is asked for, two lines a step: some entries of 100 bytes.</summary>
    private const int StepPrefetchBytes = 512;

    private Block _block;
    private int _entriesEnd;
    private int _restartCount;

    private int _entryOffset;
    private int _nextOffset;
    private byte[] _keyBuffer = new byte[128];
    private int _keyLength;
    private int _valueStart;
    private int _valueLength;

    public bool IsValid { get; private set; }

    public bool IsDamaged { get; private set; }

    /// <summary>True at the first entry of the block.</summary>
    public bool IsAtFirst => IsValid && _entryOffset == 0;

    /// <summary>The user key, valid until the next move. Requires <see cref="IsValid"/>.</summary>
    public ReadOnlySpan<byte> Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_keyBuffer, 0, _keyLength);
    }

    public ulong Trailer { get; private set; }

    /// <summary>The value: bytes of the block. Requires <see cref="IsValid"/>.</summary>
    public ReadOnlySpan<byte> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _block.Bytes.Slice(_valueStart, _valueLength);
    }

    /// <summary>Turns to another block, and is at no entry of it yet.</summary>
    public void Reset(in Block block)
    {
        _block = block;
        _restartCount = block.RestartCount;
        _entriesEnd = block.EntriesEnd;
        IsValid = false;
        IsDamaged = false;
    }

    /// <summary>Leaves the block: the cursor is at no entry and keeps nothing alive.</summary>
    public void Clear()
    {
        _block = default;
        _entriesEnd = 0;
        _restartCount = 0;
        _keyLength = 0;
        IsValid = false;
        IsDamaged = false;
    }

    public bool SeekToFirst() => Read(0, 0);

    public bool SeekToLast() => WalkBefore(Block.Restart(_block.Bytes, _restartCount - 1, _entriesEnd), _entriesEnd);

    /// <summary>Moves to the first entry at or after (<paramref name="key"/>, <paramref name="trailer"/>), or to none.</summary>
    public bool Seek(ReadOnlySpan<byte> key, ulong trailer)
    {
        if (!BlockSearch.TryFindRestart(_block, key, trailer, _restartCount, _entriesEnd, out var offset))
        {
            return Damage();
        }

        var matched = 0;
        var previousKeyLength = 0;
        while (offset < _entriesEnd)
        {
            if (!BlockEntry.TryRead(_block.Bytes, offset, _entriesEnd, previousKeyLength, out var entry))
            {
                return Damage();
            }

            Take(entry, offset);
            if (entry.Shared <= matched && IsAtOrAfter(entry, key, trailer, ref matched))
            {
                _block.Prefetch(_nextOffset, StepPrefetchBytes / CacheLines.Bytes); // whoever seeks mostly goes on
                return IsValid = true;
            }

            previousKeyLength = entry.KeyLength;
            offset = entry.End;
        }

        return IsValid = false;
    }

    /// <summary>Moves to the last entry before (<paramref name="key"/>, <paramref name="trailer"/>), or to none.</summary>
    public bool SeekBefore(ReadOnlySpan<byte> key, ulong trailer)
    {
        if (!BlockSearch.TryFindRestart(_block, key, trailer, _restartCount, _entriesEnd, out var restart))
        {
            return Damage();
        }

        // First find where the entry ends, without keys, then walk there: the key of an entry cannot be had from the one behind it.
        var end = restart;
        var matched = 0;
        var previousKeyLength = 0;
        while (end < _entriesEnd)
        {
            if (!BlockEntry.TryRead(_block.Bytes, end, _entriesEnd, previousKeyLength, out var entry))
            {
                return Damage();
            }

            if (entry.Shared <= matched && IsAtOrAfter(entry, key, trailer, ref matched))
            {
                break;
            }

            previousKeyLength = entry.KeyLength;
            end = entry.End;
        }

        return end > restart ? WalkBefore(restart, end) : IsValid = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next()
    {
        Debug.Assert(IsValid, "Next from no entry");
        return _nextOffset < _entriesEnd ? Read(_nextOffset, _keyLength) : IsValid = false;
    }

    /// <summary>Moves to the next entry of the block, if there is one that can be read. Otherwise false, and the cursor stays; <see cref="Next"/> then says why.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStep()
    {
        _block.Prefetch(_nextOffset + StepPrefetchBytes, lines: 2);
        if (_nextOffset >= _entriesEnd || !BlockEntry.TryRead(_block.Bytes, _nextOffset, _entriesEnd, _keyLength, out var entry))
        {
            return false;
        }

        Take(entry, _nextOffset);
        return true;
    }

    public bool Prev()
    {
        Debug.Assert(IsValid, "Prev from no entry");
        if (_entryOffset == 0)
        {
            return IsValid = false;
        }

        var low = 0;
        var high = _restartCount - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >>> 1;
            if (Block.Restart(_block.Bytes, middle, _entriesEnd) < _entryOffset)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return WalkBefore(Block.Restart(_block.Bytes, low, _entriesEnd), _entryOffset);
    }

    private bool IsAtOrAfter(in BlockEntry entry, ReadOnlySpan<byte> key, ulong trailer, ref int matched)
    {
        var order = BlockSearch.CompareSuffix(_block.Bytes, entry, key, ref matched);
        return order > 0 || (order == 0 && entry.Trailer <= trailer);
    }

    /// <summary>Walks from the restart at <paramref name="restart"/> to the entry that ends at <paramref name="end"/>.</summary>
    private bool WalkBefore(int restart, int end)
    {
        if (!Read(restart, 0))
        {
            return false;
        }

        for (var walked = 1; _nextOffset != end; walked++)
        {
            if (walked == BlockFormat.MaxRestartInterval || _nextOffset > end)
            {
                return Damage();
            }

            if (!Read(_nextOffset, _keyLength))
            {
                return false;
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Read(int offset, int previousKeyLength)
    {
        if (!BlockEntry.TryRead(_block.Bytes, offset, _entriesEnd, previousKeyLength, out var entry))
        {
            return Damage();
        }

        Take(entry, offset);
        return IsValid = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(in BlockEntry entry, int offset)
    {
        var key = KeyRoom(entry.Shared, entry.KeyLength);
        _block.Bytes.Slice(entry.SuffixStart, entry.SuffixLength).CopyTo(key.AsSpan(entry.Shared));
        _keyLength = entry.KeyLength;
        Trailer = entry.Trailer;
        _valueStart = entry.ValueStart;
        _valueLength = entry.ValueLength;
        _entryOffset = offset;
        _nextOffset = entry.End;
    }

    /// <summary>Room for a key in the buffer, whose first <paramref name="shared"/> bytes are in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte[] KeyRoom(int shared, int length) => length <= _keyBuffer.Length ? _keyBuffer : Grow(shared, length);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte[] Grow(int shared, int length)
    {
        // A key is never longer than its block: what it shares was spelled out there before.
        var buffer = new byte[Math.Max(length, (int)Math.Min(_keyBuffer.Length * 2L, Array.MaxLength))];
        _keyBuffer.AsSpan(0, shared).CopyTo(buffer);
        return _keyBuffer = buffer;
    }

    private bool Damage()
    {
        IsDamaged = true;
        return IsValid = false;
    }
}
