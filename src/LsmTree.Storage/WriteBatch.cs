#pragma warning disable CS1591, CA1822, CA1065, CA1816 // the surface is drawn before it is filled
namespace LsmTree.Storage;

/// <summary>Edits that become visible together and survive together: one log record. Used by one thread at a time; reusable after Clear.</summary>
public sealed class WriteBatch
{
    /// <summary>Edits in the batch.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>Bytes that the batch takes in the log.</summary>
    public long ByteCount => throw new NotImplementedException();

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => throw new NotImplementedException();
    public void Delete(ReadOnlySpan<byte> key) => throw new NotImplementedException();
    /// <summary>Deletes every key in [from, to). An empty range is no edit.</summary>
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => throw new NotImplementedException();
    public void Clear() => throw new NotImplementedException();
}
