using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Versions;

/// <summary>What the manifest says about one table file: enough to decide about it without opening it.</summary>
/// <param name="Number">The number of the file; never used for another.</param>
/// <param name="FileBytes">Bytes of the file.</param>
/// <param name="SmallestKey">The smallest user key of the entries and range tombstones.</param>
/// <param name="LargestKey">The largest user key of them, or the end of a range tombstone.</param>
/// <param name="LargestIsExclusive">True when <paramref name="LargestKey"/> is only the end of a range tombstone: no key of the table equals it.</param>
/// <param name="SmallestSequence">The smallest sequence number of the entries and range tombstones; 0 once compaction has zeroed it.</param>
/// <param name="LargestSequence">The largest sequence number of them.</param>
/// <param name="EntryCount">Entries, point tombstones included, range tombstones not.</param>
/// <param name="TombstoneCount">Point tombstones among the entries.</param>
/// <param name="RangeTombstoneCount">Range tombstones (fragments).</param>
/// <param name="RawBytes">Bytes of user keys and values, before prefix sharing and compression.</param>
/// <param name="Checksum">The checksum of the whole file, as its writer computed it.</param>
/// <param name="Expiry">The entries that expire; null when none does.</param>
internal sealed record TableInfo(
    ulong Number,
    long FileBytes,
    byte[] SmallestKey,
    byte[] LargestKey,
    bool LargestIsExclusive,
    ulong SmallestSequence,
    ulong LargestSequence,
    long EntryCount,
    long TombstoneCount,
    long RangeTombstoneCount,
    long RawBytes,
    ulong Checksum,
    ExpirySpan? Expiry = null)
{
    public KeyRange Range => new(SmallestKey, LargestKey, LargestIsExclusive);

    /// <summary>True when <paramref name="userKey"/> lies between the ends of the table.</summary>
    public bool MayHold(ReadOnlySpan<byte> userKey) => Range.Contains(userKey);

    public static TableInfo From(ulong number, TableProperties properties) => new(
        number,
        properties.FileBytes,
        properties.SmallestKey,
        properties.LargestKey,
        properties.LargestIsExclusive,
        properties.SmallestSequence,
        properties.LargestSequence,
        properties.EntryCount,
        properties.TombstoneCount,
        properties.RangeTombstoneCount,
        properties.RawKeyBytes + properties.RawValueBytes,
        properties.Checksum,
        properties.Expiry);

    /// <summary>Equal when every fact is; keys by their bytes.</summary>
    public bool Equals(TableInfo? other) =>
        other is not null
        && Number == other.Number
        && FileBytes == other.FileBytes
        && SmallestKey.AsSpan().SequenceEqual(other.SmallestKey)
        && LargestKey.AsSpan().SequenceEqual(other.LargestKey)
        && LargestIsExclusive == other.LargestIsExclusive
        && SmallestSequence == other.SmallestSequence
        && LargestSequence == other.LargestSequence
        && EntryCount == other.EntryCount
        && TombstoneCount == other.TombstoneCount
        && RangeTombstoneCount == other.RangeTombstoneCount
        && RawBytes == other.RawBytes
        && Checksum == other.Checksum
        && Expiry == other.Expiry;

    public override int GetHashCode() => Number.GetHashCode();

    /// <summary>The name, keys and sequence numbers, for messages.</summary>
    public override string ToString() =>
        $"table {Number} [{KeyText.Of(SmallestKey)}, {KeyText.Of(LargestKey)}{(LargestIsExclusive ? ")" : "]")} #{SmallestSequence}-{LargestSequence}";
}
