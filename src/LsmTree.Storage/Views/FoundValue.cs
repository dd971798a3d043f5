namespace LsmTree.Storage.Views;

/// <summary>A value where it lies. Keeps the memory behind <see cref="Value"/> alive until <see cref="Dispose"/>.</summary>
internal readonly ref struct FoundValue
{
    private readonly object _owner;

    public FoundValue(object owner, ReadOnlySpan<byte> value)
    {
        _owner = owner;
        Value = value;
    }

    public ReadOnlySpan<byte> Value { get; }

    public void Dispose() => GC.KeepAlive(_owner);
}
