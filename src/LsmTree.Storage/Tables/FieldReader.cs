using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tables;

/// <summary>Reads varints and lengths from a span. The first field that does not fit sets <see cref="IsDamaged"/>; all after it are zero and empty.</summary>
internal ref struct FieldReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    public FieldReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
    }

    public int Position { get; private set; }

    public bool IsDamaged { get; private set; }

    /// <summary>True when everything was read and nothing is left over.</summary>
    public readonly bool IsComplete => !IsDamaged && Position == _bytes.Length;

    public ulong ReadVarint()
    {
        if (IsDamaged)
        {
            return 0;
        }

        var length = Varint.TryRead64(_bytes[Position..], out var value);
        if (length == 0)
        {
            IsDamaged = true;
            return 0;
        }

        Position += length;
        return value;
    }

    /// <summary>A varint that must be at most <paramref name="limit"/>.</summary>
    public long ReadNumber(long limit)
    {
        var value = ReadVarint();
        if (value <= (ulong)limit)
        {
            return (long)value;
        }

        IsDamaged = true;
        return 0;
    }

    /// <summary>A length and as many bytes, as a range of the span.</summary>
    public (int Start, int Length) ReadRange()
    {
        var length = (int)ReadNumber(_bytes.Length - Position);
        if (IsDamaged || length > _bytes.Length - Position)
        {
            IsDamaged = true;
            return (0, 0);
        }

        var start = Position;
        Position += length;
        return (start, length);
    }

    /// <summary>A length and as many bytes, copied.</summary>
    public byte[] ReadBytes()
    {
        var (start, length) = ReadRange();
        return _bytes.Slice(start, length).ToArray();
    }
}
