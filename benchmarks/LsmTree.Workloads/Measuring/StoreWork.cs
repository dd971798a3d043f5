using LsmTree.Storage;

namespace LsmTree.Workloads.Measuring;

/// <summary>What the store did between two moments, told as the field tells it.</summary>
/// <param name="WriteAmplification">Bytes written to logs and tables for each byte that callers wrote; null when they wrote none. Work that is still owed (<paramref name="CompactionDebtBytes"/>) is not in it.</param>
/// <param name="SpaceAmplification">Bytes of live tables and logs for each byte of live keys and values; null when none are live.</param>
/// <param name="BlocksPerOperation">Blocks looked into for each operation, cached or not: the read amplification.</param>
/// <param name="BlockReadsPerOperation">Blocks read from files for each operation.</param>
/// <param name="FilterRejections">Point reads of tables that a bloom filter saved.</param>
/// <param name="Flushes">Flushes done.</param>
/// <param name="Compactions">Compactions done.</param>
/// <param name="Stalls">Writes that were slowed down or stopped.</param>
/// <param name="StallSeconds">For how long.</param>
/// <param name="CompactionDebtBytes">Bytes that compactions had still to move at the end.</param>
/// <param name="TableBytes">Bytes of live table files at the end.</param>
internal sealed record StoreWork(
    double? WriteAmplification,
    double? SpaceAmplification,
    double BlocksPerOperation,
    double BlockReadsPerOperation,
    long FilterRejections,
    long Flushes,
    long Compactions,
    long Stalls,
    double StallSeconds,
    long CompactionDebtBytes,
    long TableBytes)
{
    public static StoreWork Between(StoreStatistics before, StoreStatistics after, long operations, long liveBytes)
    {
        var asked = after.BytesWritten - before.BytesWritten;
        var written = after.LogBytesWritten + after.FlushBytesWritten + after.CompactionBytesWritten
            - before.LogBytesWritten - before.FlushBytesWritten - before.CompactionBytesWritten;
        var reads = after.BlockCacheMisses - before.BlockCacheMisses;
        var looks = after.BlockCacheHits - before.BlockCacheHits + reads;
        return new StoreWork(
            asked > 0 ? (double)written / asked : null,
            liveBytes > 0 ? (double)(after.TableBytes + after.LogBytes) / liveBytes : null,
            (double)looks / Math.Max(1, operations),
            (double)reads / Math.Max(1, operations),
            after.FilterRejections - before.FilterRejections,
            after.Flushes - before.Flushes,
            after.Compactions - before.Compactions,
            after.Stalls - before.Stalls,
            (after.StallTime - before.StallTime).TotalSeconds,
            after.CompactionDebtBytes,
            after.TableBytes);
    }
}
