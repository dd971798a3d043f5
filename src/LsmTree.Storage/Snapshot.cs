#pragma warning disable CS1591, CA1822, CA1065, CA1816 // the surface is drawn before it is filled
namespace LsmTree.Storage;

/// <summary>A moment of the store, held until it is disposed: reads that pass it see exactly the writes up to <see cref="Sequence"/>.</summary>
public sealed class Snapshot : IDisposable
{
    private Snapshot() { }

    /// <summary>The sequence number of the newest write that the snapshot sees.</summary>
    public long Sequence => throw new NotImplementedException();

    /// <summary>Releases the moment; versions that only this snapshot needed become obsolete.</summary>
    public void Dispose() => throw new NotImplementedException();
}
