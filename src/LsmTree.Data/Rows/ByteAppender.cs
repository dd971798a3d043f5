using System.Buffers;

namespace LsmTree.Data.Rows;

/// <summary>Bytes that grow: on the caller's span first, then in rented arrays. Dispose returns what was rented; nobody else does.</summary>
internal ref struct ByteAppender
{
    private Span<byte> _bytes;
    private byte[]? _rented;

    public ByteAppender(Span<byte> initial) => _bytes = initial;

    public int Length { get; private set; }

    /// <summary>What was appended; valid until the next append or Dispose.</summary>
    public readonly Span<byte> Written => _bytes[..Length];

    public void Append(byte value)
    {
        if (Length == _bytes.Length)
        {
            Grow(1);
        }

        _bytes[Length++] = value;
    }

    public void Append(scoped ReadOnlySpan<byte> values) => values.CopyTo(Extend(values.Length));

    /// <summary>Lengthens by <paramref name="count"/> bytes for the caller to fill.</summary>
    public Span<byte> Extend(int count)
    {
        if (count > _bytes.Length - Length)
        {
            Grow(count);
        }

        var extension = _bytes.Slice(Length, count);
        Length += count;
        return extension;
    }

    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Length);
        Length = length;
    }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }

        _bytes = default;
        Length = 0;
    }

    private void Grow(int count)
    {
        var wanted = Math.Max((long)Length + count, 2L * _bytes.Length);
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, Array.MaxLength));
        _bytes[..Length].CopyTo(larger);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }

        _bytes = _rented = larger;
    }
}
