using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Tables;

/// <summary>What is true of a whole table. Written into it, and into the manifest.</summary>
/// <remarks>
/// In the file: entry count, tombstone count, range tombstone count, smallest and largest sequence number, raw key bytes, raw value bytes and 1 when the
/// largest key is exclusive, each a varint; then smallest and largest key, each with its length as a varint before it; in version 2, the number of entries
/// that expire and the moments when the first and the last of them does, as varints of two's complement. The rest is in the footer.
/// </remarks>
internal sealed record TableProperties
{
    /// <summary>Bytes of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Entries, tombstones included, range tombstones not.</summary>
    public required long EntryCount { get; init; }

    /// <summary>Entries that are tombstones.</summary>
    public required long TombstoneCount { get; init; }

    public required long RangeTombstoneCount { get; init; }

    /// <summary>The smallest user key of an entry, or start of a range tombstone.</summary>
    public required byte[] SmallestKey { get; init; }

    /// <summary>The largest user key of an entry, or end of a range tombstone.</summary>
    public required byte[] LargestKey { get; init; }

    /// <summary>True when <see cref="LargestKey"/> is the end of a range tombstone and no entry has that key: then the table says nothing about it.</summary>
    public required bool LargestIsExclusive { get; init; }

    /// <summary>The smallest sequence number of an entry or range tombstone.</summary>
    public required ulong SmallestSequence { get; init; }

    /// <summary>The largest sequence number of an entry or range tombstone.</summary>
    public required ulong LargestSequence { get; init; }

    /// <summary>Bytes of user keys, before sharing.</summary>
    public required long RawKeyBytes { get; init; }

    /// <summary>Bytes of values, before compression.</summary>
    public required long RawValueBytes { get; init; }

    /// <summary>XxHash3 of all bytes before the footer.</summary>
    public required ulong Checksum { get; init; }

    public required uint FormatVersion { get; init; }

    /// <summary>The entries that expire; null when none does.</summary>
    public ExpirySpan? Expiry { get; init; }

    public void Write(ByteBuffer destination)
    {
        destination.AppendVarint((ulong)EntryCount);
        destination.AppendVarint((ulong)TombstoneCount);
        destination.AppendVarint((ulong)RangeTombstoneCount);
        destination.AppendVarint(SmallestSequence);
        destination.AppendVarint(LargestSequence);
        destination.AppendVarint((ulong)RawKeyBytes);
        destination.AppendVarint((ulong)RawValueBytes);
        destination.AppendVarint(LargestIsExclusive ? 1UL : 0);
        destination.AppendVarint((ulong)SmallestKey.Length);
        destination.Append(SmallestKey);
        destination.AppendVarint((ulong)LargestKey.Length);
        destination.Append(LargestKey);
        if (Expiry is { } expiry)
        {
            destination.AppendVarint((ulong)expiry.Entries);
            destination.AppendVarint((ulong)expiry.Earliest);
            destination.AppendVarint((ulong)expiry.Latest);
        }
    }

    /// <summary>Reads the contents of a properties block; null when they are none, or cannot be true.</summary>
    public static TableProperties? Read(ReadOnlySpan<byte> contents, long fileBytes, in TableFooter footer)
    {
        var reader = new FieldReader(contents);
        // In the order of the bytes: initializers run from top to bottom.
        var properties = new TableProperties
        {
            EntryCount = reader.ReadNumber(long.MaxValue),
            TombstoneCount = reader.ReadNumber(long.MaxValue),
            RangeTombstoneCount = reader.ReadNumber(long.MaxValue),
            SmallestSequence = (ulong)reader.ReadNumber((long)Trailer.MaxSequence),
            LargestSequence = (ulong)reader.ReadNumber((long)Trailer.MaxSequence),
            RawKeyBytes = reader.ReadNumber(long.MaxValue),
            RawValueBytes = reader.ReadNumber(long.MaxValue),
            LargestIsExclusive = reader.ReadNumber(1) == 1,
            SmallestKey = reader.ReadBytes(),
            LargestKey = reader.ReadBytes(),
            Expiry = footer.FormatVersion < TableFormat.ExpiringVersion
                ? null
                : new ExpirySpan(reader.ReadNumber(long.MaxValue), (long)reader.ReadVarint(), (long)reader.ReadVarint()),
            FileBytes = fileBytes,
            Checksum = footer.FileChecksum,
            FormatVersion = footer.FormatVersion,
        };
        return reader.IsComplete && properties.IsPlausible ? properties : null;
    }

    private bool IsPlausible =>
        TombstoneCount <= EntryCount
        && (EntryCount > 0 || RangeTombstoneCount > 0)
        && SmallestSequence <= LargestSequence
        && (!LargestIsExclusive || RangeTombstoneCount > 0)
        && (Expiry is not { } expiry || (expiry.Entries > 0 && expiry.Entries <= EntryCount - TombstoneCount && expiry.Earliest <= expiry.Latest))
        && SmallestKey.AsSpan().SequenceCompareTo(LargestKey) is var order
        && (LargestIsExclusive ? order < 0 : order <= 0);
}
