#pragma warning disable CS1591, CA1822, CA1065, CA1816 // the surface is drawn before it is filled
using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Storage;

/// <summary>An ordered, crash-safe key-value store in one directory. Thread-safe.</summary>
public sealed class LsmStore : IDisposable
{
    public static LsmStore Open(string directory, LsmStoreOptions? options = null) => throw new NotImplementedException();

    /// <summary>A store in memory only, private to its object: the same engine over a file system in memory.</summary>
    public static LsmStore OpenInMemory(LsmStoreOptions? options = null) => throw new NotImplementedException();

    /// <summary>The canonical path of the directory; ":memory:" for a store in memory.</summary>
    public string Directory => throw new NotImplementedException();

    public LsmStoreOptions Options => throw new NotImplementedException();

    public bool IsReadOnly => throw new NotImplementedException();

    /// <summary>The sequence number of the newest visible write: the store's time.</summary>
    public long LastSequence => throw new NotImplementedException();

    // Writing. durability: null = the store's own; it can only ask for more.
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Durability? durability = null) => throw new NotImplementedException();
    public void Delete(ReadOnlySpan<byte> key, Durability? durability = null) => throw new NotImplementedException();
    /// <summary>Deletes every key in [from, to).</summary>
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, Durability? durability = null) => throw new NotImplementedException();
    /// <summary>Applies the batch atomically as one log record. The batch is unchanged and may be cleared and reused.</summary>
    public void Write(WriteBatch batch, Durability? durability = null) => throw new NotImplementedException();
    /// <summary>As Write, but a Full write waits for its fsync without holding a thread.</summary>
    public ValueTask WriteAsync(WriteBatch batch, Durability? durability = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    // Reading.
    public bool TryGet(ReadOnlySpan<byte> key, [NotNullWhen(true)] out byte[]? value, Snapshot? snapshot = null) => throw new NotImplementedException();
    /// <summary>
    /// Copies the value into destination. Returns false when the key is absent. When it returns true, length is the value's length;
    /// if that is more than destination holds, nothing was copied: call again with a larger one. Allocates nothing.
    /// </summary>
    public bool TryGet(ReadOnlySpan<byte> key, Span<byte> destination, out int length, Snapshot? snapshot = null) => throw new NotImplementedException();
    public bool TryGet(ReadOnlySpan<byte> key, IBufferWriter<byte> destination, Snapshot? snapshot = null) => throw new NotImplementedException();
    public bool Contains(ReadOnlySpan<byte> key, Snapshot? snapshot = null) => throw new NotImplementedException();
    /// <summary>A cursor over a consistent moment of the store. It is at no entry until a seek.</summary>
    public StoreCursor CreateCursor(CursorOptions? options = null) => throw new NotImplementedException();
    public Snapshot CreateSnapshot() => throw new NotImplementedException();
    public StoreTransaction BeginTransaction(TransactionIsolation isolation = TransactionIsolation.Snapshot) => throw new NotImplementedException();

    // Operating.
    /// <summary>Writes the memtable to a table and waits for it.</summary>
    public void Flush() => throw new NotImplementedException();
    /// <summary>Merges everything (or the keys in [from, to], null = open) down to the last level, dropping what is obsolete.</summary>
    public void Compact(byte[]? from = null, byte[]? to = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();
    /// <summary>Makes a consistent copy in a new directory, by hard links where the file system has them.</summary>
    public void CheckpointTo(string directory) => throw new NotImplementedException();
    /// <summary>Reads every byte of every live file and checks it.</summary>
    public VerificationReport Verify(CancellationToken cancellationToken = default) => throw new NotImplementedException();
    public StoreStatistics GetStatistics() => throw new NotImplementedException();
    public IReadOnlyList<LevelStatistics> GetLevels() => throw new NotImplementedException();
    /// <summary>Runs one background job on this thread. Returns false when there is nothing to do. For BackgroundMode.Manual.</summary>
    public bool RunBackgroundStep() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
