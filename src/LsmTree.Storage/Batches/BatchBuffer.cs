using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Batches;

/// <summary>Builds the bytes of a batch. Grows by doubling; <see cref="Clear"/> keeps up to 1 MiB for the next batch.</summary>
internal sealed class BatchBuffer
{
    private const int KeptBytes = 1 << 20; // 1 MiB

    private byte[] _bytes = [];
    private int _length;

    public int Count { get; private set; }

    public int Length => _length;

    /// <summary>Bytes of keys and values, without the batch's own lengths and kinds.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>True when an entry was put with an expiry: the store's format must provide for it before the batch is written.</summary>
    public bool HasExpiringEntries { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        Append(EntryKind.Put, key, value, hasValue: true);
    }

    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="expiresAt">The first millisecond since 1970 at which the entry is gone.</param>
    public void PutExpiring(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long expiresAt)
    {
        BatchFormat.CheckKey(key, nameof(key));
        BatchFormat.CheckValue(value, nameof(value));
        Span<byte> prefix = stackalloc byte[ExpiringValue.PrefixBytes];
        ExpiringValue.WritePrefix(prefix, expiresAt);
        Append(EntryKind.PutExpiring, key, value, hasValue: true, prefix);
        HasExpiringEntries = true;
    }

    public void Delete(ReadOnlySpan<byte> key)
    {
        BatchFormat.CheckKey(key, nameof(key));
        Append(EntryKind.Delete, key, default, hasValue: false);
    }

    /// <summary>Appends a range delete; an empty range is no entry. Returns whether there is one.</summary>
    public bool DeleteRange(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        BatchFormat.CheckKey(from, nameof(from));
        BatchFormat.CheckKey(to, nameof(to));
        if (from.SequenceCompareTo(to) >= 0)
        {
            return false;
        }

        Append(EntryKind.RangeDelete, from, to, hasValue: true);
        return true;
    }

    /// <summary>Forgets every entry; an array of more than <paramref name="keptBytes"/> goes.</summary>
    public void Clear(int keptBytes = KeptBytes)
    {
        if (_bytes.Length > keptBytes)
        {
            _bytes = [];
        }

        _length = 0;
        Count = 0;
        PayloadBytes = 0;
        HasExpiringEntries = false;
    }

    /// <summary>Forgets every entry from <paramref name="count"/> on.</summary>
    public void TruncateTo(int count)
    {
        var reader = new BatchReader(Written);
        long payload = 0;
        var hasExpiringEntries = false;
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryRead(out var kind, out var key, out var value))
            {
                throw new InvalidOperationException($"A batch of {Count} entries cannot be cut to {count}.");
            }

            payload += key.Length + value.Length;
            hasExpiringEntries |= kind == EntryKind.PutExpiring;
        }

        _length = reader.Offset;
        Count = count;
        PayloadBytes = payload;
        HasExpiringEntries = hasExpiringEntries;
    }

    private void Append(EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue, ReadOnlySpan<byte> prefix = default)
    {
        var valueLength = prefix.Length + value.Length;
        var needed = (long)_length + 1 + 2 * Varint.MaxLength32 + key.Length + valueLength;
        if (needed > _bytes.Length)
        {
            Grow(needed);
        }

        var bytes = _bytes.AsSpan();
        var at = _length;
        bytes[at++] = (byte)kind;
        at += Varint.Write(bytes[at..], (uint)key.Length);
        key.CopyTo(bytes[at..]);
        at += key.Length;
        if (hasValue)
        {
            at += Varint.Write(bytes[at..], (uint)valueLength);
            prefix.CopyTo(bytes[at..]);
            at += prefix.Length;
            value.CopyTo(bytes[at..]);
            at += value.Length;
        }

        _length = at;
        Count++;
        PayloadBytes += key.Length + valueLength;
    }

    private void Grow(long needed)
    {
        if (needed > BatchFormat.MaxBatchBytes)
        {
            throw new ArgumentException($"A batch may have at most {BatchFormat.MaxBatchBytes} bytes (1 GiB); this edit would make it {needed}. Write what is there and begin another.");
        }

        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(needed, Math.Max(256L, _bytes.Length * 2L)), BatchFormat.MaxBatchBytes));
        Written.CopyTo(larger);
        _bytes = larger;
    }
}
