using System.Buffers;
using System.Buffers.Binary;

namespace LsmTree.Storage.Bytes;

/// <summary>Bytes gathered at the end of one pooled array that grows. It rents, it returns: nobody else holds the array.</summary>
/// <remarks>Spans it gives out are valid until the next call that appends, clears or disposes.</remarks>
internal sealed class ByteBuffer : IDisposable
{
    /// <summary>A cleared buffer gives an array above this size back to the pool, so that one huge value does not stay for ever: 1 MiB.</summary>
    private const int KeepBytes = 1 << 20;

    private byte[] _array = [];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_array.Length > KeepBytes)
        {
            Dispose();
        }
    }

    /// <summary>Forgets what was appended after the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)_length, nameof(length));
        _length = length;
    }

    /// <summary>Room for at least <paramref name="count"/> bytes at the end; <see cref="Advance"/> says how many were filled.</summary>
    public Span<byte> Reserve(int count)
    {
        if (count > _array.Length - _length)
        {
            Grow(count);
        }

        return _array.AsSpan(_length);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_array.Length - _length), nameof(count));
        _length += count;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        _length += bytes.Length;
    }

    public void AppendByte(byte value)
    {
        Reserve(1)[0] = value;
        _length++;
    }

    public void AppendVarint(ulong value) => _length += Varint.Write(Reserve(Varint.MaxLength64), value);

    public void AppendUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(sizeof(uint)), value);
        _length += sizeof(uint);
    }

    public void AppendUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(sizeof(ulong)), value);
        _length += sizeof(ulong);
    }

    /// <summary>Returns the array. The buffer is empty and usable afterwards.</summary>
    public void Dispose()
    {
        var array = _array;
        _array = [];
        _length = 0;
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private void Grow(int count)
    {
        var needed = (long)_length + count;
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A buffer of {needed} bytes is larger than an array may be.");
        }

        var wanted = Math.Min(Math.Max(needed, _array.Length * 2L), Array.MaxLength);
        var grown = ArrayPool<byte>.Shared.Rent((int)Math.Max(wanted, 256));
        _array.AsSpan(0, _length).CopyTo(grown);
        var old = _array;
        _array = grown;
        if (old.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
