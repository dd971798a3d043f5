using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memory;

namespace LsmTree.Storage.Batches;

/// <summary>Builds the bytes of a batch. Grows by doubling; <see cref="Clear"/> keeps up to 1 MiB for the next batch.</summary>
/// <remarks>
/// An owner that says when it is done may have native memory for what is large: address space for the largest batch there can be, in which the
/// buffer grows without a copy. A batch of 26 MB leaves 64 MB of arrays to the collector when it doubles, and none when it does not.
/// </remarks>
internal sealed class BatchBuffer
{
    private const int KeptBytes = 1 << 20; // 1 MiB
    private const int MostArrayBytes = 256 << 10; // 256 KiB: beyond, native memory where there is some

    private readonly int _nativeBytes;
    private byte[] _bytes = [];
    private NativeBlock? _native; // where the bytes are, instead of in the array
    private int _length;
    private int _longest; // since the memory was new: what of it may be resident

    /// <summary>A buffer of arrays, which the collector frees.</summary>
    public BatchBuffer()
    {
    }

    /// <param name="mostBytes">The buffer may use native memory for up to so many bytes; its owner clears it when it is done.</param>
    public BatchBuffer(long mostBytes)
    {
        _nativeBytes = (int)Math.Min(mostBytes, BatchFormat.MaxBatchBytes);
    }

    public int Count { get; private set; }

    public int Length => _length;

    /// <summary>Bytes of keys and values, without the batch's own lengths and kinds.</summary>
    public long PayloadBytes { get; private set; }

    /// <summary>True when an entry was put with an expiry: the store's format must provide for it before the batch is written.</summary>
    public bool HasExpiringEntries { get; private set; }

    public ReadOnlySpan<byte> Written => Bytes[.._length];

    private Span<byte> Bytes => _native is null ? _bytes : _native.Span;

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

    /// <summary>Forgets every entry; memory of more than <paramref name="keptBytes"/> goes.</summary>
    public void Clear(int keptBytes = KeptBytes)
    {
        _longest = Math.Max(_longest, _length);
        if (_longest > keptBytes)
        {
            _native?.Retire();
            _native = null;
        }

        if (_bytes.Length > keptBytes)
        {
            _bytes = [];
        }

        _length = 0;
        _longest = _native is null ? 0 : _longest;
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

        _longest = Math.Max(_longest, _length);
        _length = reader.Offset;
        Count = count;
        PayloadBytes = payload;
        HasExpiringEntries = hasExpiringEntries;
    }

    private void Append(EntryKind kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue, ReadOnlySpan<byte> prefix = default)
    {
        var valueLength = prefix.Length + value.Length;
        var needed = (long)_length + 1 + 2 * Varint.MaxLength32 + key.Length + valueLength;
        if (needed > Bytes.Length)
        {
            Grow(needed);
        }

        var bytes = Bytes;
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

        if (needed > MostArrayBytes && needed <= _nativeBytes && _native is null && NativeBlock.TryReserve(_nativeBytes) is { } reserved)
        {
            Written.CopyTo(reserved.Span);
            _native = reserved;
            _bytes = [];
            return;
        }

        var larger = GC.AllocateUninitializedArray<byte>((int)Math.Min(Math.Max(needed, Math.Max(256L, Bytes.Length * 2L)), BatchFormat.MaxBatchBytes));
        Written.CopyTo(larger);
        _bytes = larger;
        _native?.Retire();
        _native = null;
    }
}
