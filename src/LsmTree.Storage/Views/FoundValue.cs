using System.Buffers;

namespace LsmTree.Storage.Views;

/// <summary>A value where it lies. Keeps the memory behind <see cref="Value"/> alive until <see cref="Dispose"/>; what takes a copy also disposes.</summary>
internal readonly ref struct FoundValue
{
    private readonly object _owner;

    public FoundValue(object owner, ReadOnlySpan<byte> value)
    {
        _owner = owner;
        Value = value;
    }

    public ReadOnlySpan<byte> Value { get; }

    /// <summary>A copy in a new array.</summary>
    public byte[] ToArray()
    {
        var copy = Value.ToArray();
        Dispose();
        return copy;
    }

    /// <summary>Copies the value when it fits.</summary>
    /// <returns>Its length, in any case.</returns>
    public int CopyTo(Span<byte> destination)
    {
        if (Value.Length <= destination.Length)
        {
            Value.CopyTo(destination);
        }

        Dispose();
        return Value.Length;
    }

    public void WriteTo(IBufferWriter<byte> destination)
    {
        destination.Write(Value);
        Dispose();
    }

    public void Dispose() => GC.KeepAlive(_owner);
}
