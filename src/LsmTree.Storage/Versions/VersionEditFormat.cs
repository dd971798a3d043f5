using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Versions;

/// <summary>The bytes of a <see cref="VersionEdit"/>: fields one after another, each a tag and what the tag says.</summary>
/// <remarks>
/// <code>
///   edit    = field*                                   every number is a varint
///   field   = 1 formatVersion                          first, when present: the reader must know before it reads on
///           | 2 storeId
///           | 3 logNumber
///           | 4 nextFileNumber
///           | 5 lastSequence
///           | 6 level number                           a table removed
///           | 7 level table                            a table added
///           | 8 level table count earliest latest      a table added, of which count entries expire, from earliest to latest (format 2)
///   table   = number fileBytes entryCount tombstoneCount rangeTombstoneCount rawBytes
///             smallestSequence largestSequence checksum
///             isExclusive key key                      1 when the largest key is exclusive, else 0; the smallest key, the largest
///   key     = length bytes
/// </code>
/// <para>docs/formats/manifest.md follows an edit through its bytes. The record of the log around the edit carries the checksum, so what
/// arrives here is what was written, or the work of somebody who can compute a checksum: decoding trusts no length and no number.</para>
/// <para>A field with an unknown tag is an error, not skipped: whatever adds a tag adds a format to <see cref="StoreFormat"/>.</para>
/// </remarks>
internal static class VersionEditFormat
{
    /// <summary>No file is larger, and no count of what is in one: far below where sums overflow.</summary>
    private const long MaxBytes = 1L << 48;

    private const ulong FormatVersionTag = 1;
    private const ulong StoreIdTag = 2;
    private const ulong LogNumberTag = 3;
    private const ulong NextFileNumberTag = 4;
    private const ulong LastSequenceTag = 5;
    private const ulong RemovedTag = 6;
    private const ulong AddedTag = 7;
    private const ulong AddedExpiringTag = 8;

    public static void Encode(VersionEdit edit, ByteBuffer destination)
    {
        AppendField(destination, FormatVersionTag, edit.FormatVersion);
        AppendField(destination, StoreIdTag, edit.StoreId);
        AppendField(destination, LogNumberTag, edit.LogNumber);
        AppendField(destination, NextFileNumberTag, edit.NextFileNumber);
        AppendField(destination, LastSequenceTag, edit.LastSequence);
        foreach (var removed in edit.Removed)
        {
            destination.AppendVarint(RemovedTag);
            destination.AppendVarint((ulong)removed.Level);
            destination.AppendVarint(removed.Number);
        }

        foreach (var added in edit.Added)
        {
            destination.AppendVarint(added.Info.Expiry is null ? AddedTag : AddedExpiringTag);
            destination.AppendVarint((ulong)added.Level);
            AppendTable(destination, added.Info);
            if (added.Info.Expiry is { } expiry)
            {
                destination.AppendVarint((ulong)expiry.Entries);
                destination.AppendVarint((ulong)expiry.Earliest);
                destination.AppendVarint((ulong)expiry.Latest);
            }
        }
    }

    /// <summary>
    /// Decodes an edit. Of an edit in a newer format only <see cref="VersionEdit.FormatVersion"/> is decoded: the caller must look at it first.
    /// </summary>
    /// <param name="source">All bytes of the edit.</param>
    /// <param name="edit">The edit; what was decoded so far when the bytes are none.</param>
    /// <param name="problem">What is wrong with the bytes; empty when nothing is.</param>
    public static bool TryDecode(ReadOnlySpan<byte> source, out VersionEdit edit, out string problem)
    {
        edit = new VersionEdit();
        var removed = new List<RemovedTable>();
        var added = new List<AddedTable>();
        var fields = new FieldReader(source);
        while (fields.Position < source.Length)
        {
            var start = fields.Position;
            var tag = fields.ReadVarint();
            var isKnown = true;
            switch (tag)
            {
                case FormatVersionTag:
                    edit = edit with { FormatVersion = (uint)fields.ReadNumber(uint.MaxValue) };
                    break;
                case StoreIdTag:
                    edit = edit with { StoreId = fields.ReadVarint() };
                    break;
                case LogNumberTag:
                    edit = edit with { LogNumber = ReadFileNumber(ref fields) };
                    break;
                case NextFileNumberTag:
                    edit = edit with { NextFileNumber = ReadFileNumber(ref fields) };
                    break;
                case LastSequenceTag:
                    edit = edit with { LastSequence = ReadSequence(ref fields) };
                    break;
                case RemovedTag:
                    removed.Add(new RemovedTable(ReadLevel(ref fields), ReadFileNumber(ref fields)));
                    break;
                case AddedTag:
                    added.Add(new AddedTable(ReadLevel(ref fields), ReadTable(ref fields)));
                    break;
                case AddedExpiringTag:
                    added.Add(new AddedTable(ReadLevel(ref fields), ReadTable(ref fields) with { Expiry = ReadExpiry(ref fields) }));
                    break;
                default:
                    isKnown = false;
                    break;
            }

            if (!isKnown || fields.IsDamaged)
            {
                problem = $"field {tag} at byte {start} of {source.Length} is unknown, cut off or out of range";
                return false;
            }

            if (edit.FormatVersion > StoreFormat.Newest)
            {
                break;
            }
        }

        edit = edit with { Removed = removed, Added = added };
        problem = "";
        return true;
    }

    private static void AppendField(ByteBuffer destination, ulong tag, ulong? value)
    {
        if (value is { } number)
        {
            destination.AppendVarint(tag);
            destination.AppendVarint(number);
        }
    }

    private static void AppendTable(ByteBuffer destination, TableInfo info)
    {
        destination.AppendVarint(info.Number);
        destination.AppendVarint((ulong)info.FileBytes);
        destination.AppendVarint((ulong)info.EntryCount);
        destination.AppendVarint((ulong)info.TombstoneCount);
        destination.AppendVarint((ulong)info.RangeTombstoneCount);
        destination.AppendVarint((ulong)info.RawBytes);
        destination.AppendVarint(info.SmallestSequence);
        destination.AppendVarint(info.LargestSequence);
        destination.AppendVarint(info.Checksum);
        destination.AppendVarint(info.LargestIsExclusive ? 1UL : 0);
        AppendKey(destination, info.SmallestKey);
        AppendKey(destination, info.LargestKey);
    }

    private static void AppendKey(ByteBuffer destination, byte[] key)
    {
        destination.AppendVarint((ulong)key.Length);
        destination.Append(key);
    }

    private static int ReadLevel(ref FieldReader fields) => (int)fields.ReadNumber(Version.LastLevel);

    private static ulong ReadFileNumber(ref FieldReader fields) => (ulong)fields.ReadNumber((long)FileNumbers.MaxNumber);

    private static ulong ReadSequence(ref FieldReader fields) => (ulong)fields.ReadNumber((long)Trailer.MaxSequence);

    private static ExpirySpan ReadExpiry(ref FieldReader fields) => new(
        Entries: fields.ReadNumber(MaxBytes),
        Earliest: (long)fields.ReadVarint(),
        Latest: (long)fields.ReadVarint());

    /// <summary>Arguments are evaluated from left to right: the constructor's parameters are named in the order of the bytes.</summary>
    private static TableInfo ReadTable(ref FieldReader fields) => new(
        Number: ReadFileNumber(ref fields),
        FileBytes: fields.ReadNumber(MaxBytes),
        EntryCount: fields.ReadNumber(MaxBytes),
        TombstoneCount: fields.ReadNumber(MaxBytes),
        RangeTombstoneCount: fields.ReadNumber(MaxBytes),
        RawBytes: fields.ReadNumber(MaxBytes),
        SmallestSequence: ReadSequence(ref fields),
        LargestSequence: ReadSequence(ref fields),
        Checksum: fields.ReadVarint(),
        LargestIsExclusive: fields.ReadNumber(1) == 1,
        SmallestKey: fields.ReadBytes(),
        LargestKey: fields.ReadBytes());
}
