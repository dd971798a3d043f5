#pragma warning disable CS1591, CA1822, CA1065, CA1816 // the surface is drawn before it is filled
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Storage;

/// <summary>
/// An optimistic transaction: an indexed batch over a snapshot. It reads its own writes, commits as one log record, and is bound to no thread
/// (but used by one at a time). Disposing an open transaction rolls it back.
/// </summary>
public sealed class StoreTransaction : IDisposable
{
    private StoreTransaction() { }

    public TransactionIsolation Isolation => throw new NotImplementedException();

    /// <summary>True until Commit, Rollback or Dispose.</summary>
    public bool IsActive => throw new NotImplementedException();

    /// <summary>The sequence number of the newest write of others that the transaction sees.</summary>
    public long Sequence => throw new NotImplementedException();

    /// <summary>Edits made so far; also the position that CreateSavepoint remembers.</summary>
    public int WriteCount => throw new NotImplementedException();

    /// <summary>Bytes that the pending edits hold in memory.</summary>
    public long PendingBytes => throw new NotImplementedException();

    // Reads see the snapshot and the transaction's own writes. Under Serializable they are validated at commit.
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value) => throw new NotImplementedException();
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length) => throw new NotImplementedException();
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> destination) => throw new NotImplementedException();
    public bool Contains(ReadOnlySpan<byte> key) => throw new NotImplementedException();
    /// <summary>A cursor over the snapshot and the edits made before this call; later edits do not show in it. options.Snapshot must be null.</summary>
    public StoreCursor CreateCursor(CursorOptions? options = null) => throw new NotImplementedException();

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => throw new NotImplementedException();
    public void Delete(ReadOnlySpan<byte> key) => throw new NotImplementedException();
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => throw new NotImplementedException();

    /// <summary>Remembers the present position; cheap enough to take before every statement.</summary>
    public StoreSavepoint CreateSavepoint() => throw new NotImplementedException();
    /// <summary>Undoes every edit made after the savepoint, which stays valid.</summary>
    public void RollbackTo(StoreSavepoint savepoint) => throw new NotImplementedException();

    /// <exception cref="ConflictException">Somebody else committed first; nothing was written, and the transaction is over.</exception>
    public void Commit(Durability? durability = null) => throw new NotImplementedException();
    /// <summary>As Commit, waiting for the shared fsync without holding a thread.</summary>
    public ValueTask CommitAsync(Durability? durability = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
    public void Rollback() => throw new NotImplementedException();
    public void Dispose() => throw new NotImplementedException();
}
