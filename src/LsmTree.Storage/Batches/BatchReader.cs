using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Batches;

/// <summary>Reads the entries of a batch. The spans it gives point into the batch.</summary>
internal ref struct BatchReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _offset; // mutable struct: moves with every entry

    public BatchReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    public readonly int Offset => _offset;

    public readonly bool AtEnd => _offset == _bytes.Length;

    /// <summary>Reads the next entry; false at the end, and where the bytes are no entry (then <see cref="AtEnd"/> is false).</summary>
    public bool TryRead(out EntryKind kind, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        kind = default;
        key = default;
        value = default;
        if (_offset >= _bytes.Length)
        {
            return false;
        }

        var at = _offset;
        kind = (EntryKind)_bytes[at++];
        if (kind > EntryKind.PutExpiring || !TryReadSlice(ref at, out key) || key.Length > BatchFormat.MaxKeyBytes)
        {
            return false;
        }

        if (kind != EntryKind.Delete && !TryReadSlice(ref at, out value))
        {
            return false;
        }

        if (kind == EntryKind.PutExpiring && value.Length < ExpiringValue.PrefixBytes)
        {
            return false;
        }

        _offset = at;
        return true;
    }

    /// <summary>True when the bytes are exactly <paramref name="count"/> entries.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> bytes, uint count)
    {
        var reader = new BatchReader(bytes);
        uint seen = 0;
        while (reader.TryRead(out _, out _, out _))
        {
            seen++;
        }

        return reader.AtEnd && seen == count;
    }

    private readonly bool TryReadSlice(scoped ref int at, out ReadOnlySpan<byte> slice)
    {
        slice = default;
        var read = Varint.TryRead32(_bytes[at..], out var length);
        if (read == 0 || length > (uint)(_bytes.Length - at - read))
        {
            return false;
        }

        slice = _bytes.Slice(at + read, (int)length);
        at += read + (int)length;
        return true;
    }
}
