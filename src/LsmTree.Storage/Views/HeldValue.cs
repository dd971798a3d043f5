namespace LsmTree.Storage.Views;

/// <summary>A value where it lies, with the view that it was found in counted until <see cref="Release"/>. Copies are one and the same.</summary>
internal readonly ref struct HeldValue
{
    private readonly ViewReader? _reader;
    private readonly LeaseHandle? _handle;
    private readonly int _loan;
    private readonly ReadOnlySpan<byte> _value;

    public HeldValue(ViewReader reader, LeaseHandle handle, int loan, ReadOnlySpan<byte> value)
    {
        _reader = reader;
        _handle = handle;
        _loan = loan;
        _value = value;
    }

    /// <summary>A value of its own, which needs no view.</summary>
    public HeldValue(byte[] value) => _value = value;

    public ReadOnlySpan<byte> Value => _value;

    /// <summary>False once any of the copies was released.</summary>
    public bool IsHeld => _handle is null || _handle.IsHeld(_loan);

    /// <summary>Lets the view go. May be called twice.</summary>
    public void Release()
    {
        if (_handle is not null)
        {
            _reader!.EndLease(_handle, _loan);
        }
    }
}
