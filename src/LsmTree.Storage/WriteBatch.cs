using LsmTree.Storage.Batches;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage;

/// <summary>Edits that become visible together and survive together: one log record. Used by one thread at a time; reusable after <see cref="Clear"/>.</summary>
/// <remarks>Of several edits of one key the last one wins. Keys and values are copied. At most 1 GiB.</remarks>
public sealed class WriteBatch
{
    /// <summary>Edits in the batch.</summary>
    public int Count => Buffer.Count;

    /// <summary>Bytes that the batch takes in the log, without the record's header.</summary>
    public long ByteCount => Buffer.Length;

    internal BatchBuffer Buffer { get; } = new();

    /// <summary>Gives <paramref name="key"/> the value <paramref name="value"/>.</summary>
    /// <param name="key">At most 64 KiB; may be empty.</param>
    /// <param name="value">At most 512 MiB; may be empty.</param>
    /// <exception cref="ArgumentException">Key, value or batch is too large; the message states the limit.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Buffer.Put(key, value);

    /// <summary>Gives <paramref name="key"/> the value <paramref name="value"/> until <paramref name="expiresAt"/>.</summary>
    /// <param name="key">At most 64 KiB; may be empty.</param>
    /// <param name="value">At most 512 MiB; may be empty.</param>
    /// <param name="expiresAt">The moment from which the key is absent, by the store's clock; rounded up to a millisecond. See <see cref="LsmStore.Put(ReadOnlySpan{byte}, ReadOnlySpan{byte}, DateTimeOffset, Durability?, CancellationToken)"/>.</param>
    /// <exception cref="ArgumentException">Key, value or batch is too large; the message states the limit.</exception>
    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, DateTimeOffset expiresAt) =>
        Buffer.PutExpiring(key, value, ExpiringValue.ToMilliseconds(expiresAt));

    /// <summary>Deletes <paramref name="key"/>; no error when it is absent.</summary>
    /// <param name="key">At most 64 KiB; may be empty.</param>
    /// <exception cref="ArgumentException">Key or batch is too large; the message states the limit.</exception>
    public void Delete(ReadOnlySpan<byte> key) => Buffer.Delete(key);

    /// <summary>Deletes every key in [<paramref name="from"/>, <paramref name="to"/>), at the cost of one edit. An empty range is no edit.</summary>
    /// <param name="from">The first key that goes.</param>
    /// <param name="to">The first key that stays.</param>
    /// <exception cref="ArgumentException">A key or the batch is too large; the message states the limit.</exception>
    public void DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to) => Buffer.DeleteRange(from, to);

    /// <summary>Forgets every edit, so that the batch can be used again.</summary>
    public void Clear() => Buffer.Clear();
}
