namespace LsmTree.Storage.Views;

/// <summary>A copy of a key or a value in an array that grows and stays. A field of its owner, which is never copied: mutable on purpose.</summary>
internal struct CopiedBytes
{
    private const int FirstBytes = 64;

    private byte[]? _array;
    private int _length;

    public readonly ReadOnlySpan<byte> Span => _array.AsSpan(0, _length);

    /// <summary>Copies <paramref name="bytes"/>, which may be a span of the present copy.</summary>
    public void Set(ReadOnlySpan<byte> bytes)
    {
        if (_array is null || _array.Length < bytes.Length)
        {
            _array = new byte[Math.Max(bytes.Length, Math.Max(FirstBytes, _length * 2))];
        }

        bytes.CopyTo(_array);
        _length = bytes.Length;
    }
}
