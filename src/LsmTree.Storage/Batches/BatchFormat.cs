namespace LsmTree.Storage.Batches;

/// <summary>The bytes of a batch: what a log record of kind Batch carries, and what a <see cref="WriteBatch"/> builds.</summary>
/// <remarks>
/// <code>
/// batch := entry*                        the number of entries and the first sequence number stand in the log record's header
/// entry := 01 length key length value    put
///        | 00 length key                 delete
///        | 02 length start length end    range delete: [start, end)
///        | 03 length key length stored   put that expires: stored is the expiry, 8 bytes, and the value (<see cref="Keys.ExpiringValue"/>)
/// length := varint32
/// </code>
/// Example: put "a" = "xy", then delete "b":  <c>01 01 61 02 78 79  00 01 62</c>.
/// The n-th entry (from 0) has the sequence number first + n, so that of two writes of one key in a batch the later one wins.
/// </remarks>
internal static class BatchFormat
{
    /// <summary>Longest key, in bytes.</summary>
    public const int MaxKeyBytes = 64 << 10; // 64 KiB

    /// <summary>Longest value, in bytes.</summary>
    public const int MaxValueBytes = 512 << 20; // 512 MiB

    /// <summary>Largest batch, in bytes: a batch is one log record and one allocation.</summary>
    public const long MaxBatchBytes = 1L << 30; // 1 GiB

    public static void CheckKey(ReadOnlySpan<byte> key, string name)
    {
        if (key.Length > MaxKeyBytes)
        {
            throw new ArgumentException($"A key may have at most {MaxKeyBytes} bytes (64 KiB); this one has {key.Length}.", name);
        }
    }

    public static void CheckValue(ReadOnlySpan<byte> value, string name)
    {
        if (value.Length > MaxValueBytes)
        {
            throw new ArgumentException($"A value may have at most {MaxValueBytes} bytes (512 MiB); this one has {value.Length}.", name);
        }
    }
}
