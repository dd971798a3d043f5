using LsmTree.Storage.Bytes;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;

namespace LsmTree.Storage.Tables;

/// <summary>The range tombstones of a table, as they were added: a count, then for each start, end (lengths before them) and sequence number; all numbers varints.</summary>
/// <remarks>They are fragmented when the table is opened: fragments would repeat what overlaps.</remarks>
internal static class RangeTombstoneBlock
{
    /// <summary>Two empty lengths and a sequence number.</summary>
    private const int SmallestTombstoneBytes = 3;

    public static void Write(List<RangeTombstone> tombstones, ByteBuffer destination)
    {
        destination.AppendVarint((ulong)tombstones.Count);
        foreach (var tombstone in tombstones)
        {
            destination.AppendVarint((ulong)tombstone.Start.Length);
            destination.Append(tombstone.Start);
            destination.AppendVarint((ulong)tombstone.End.Length);
            destination.Append(tombstone.End);
            destination.AppendVarint(tombstone.Sequence);
        }
    }

    /// <summary>Reads the contents of the block; null when they are none.</summary>
    public static List<RangeTombstone>? Read(ReadOnlySpan<byte> contents)
    {
        var reader = new FieldReader(contents);
        var count = (int)reader.ReadNumber(contents.Length / SmallestTombstoneBytes);
        var tombstones = new List<RangeTombstone>(count);
        for (var i = 0; i < count && !reader.IsDamaged; i++)
        {
            var tombstone = new RangeTombstone(reader.ReadBytes(), reader.ReadBytes(), (ulong)reader.ReadNumber((long)Trailer.MaxSequence));
            if (tombstone.Start.AsSpan().SequenceCompareTo(tombstone.End) >= 0)
            {
                return null;
            }

            tombstones.Add(tombstone);
        }

        return reader.IsComplete && count > 0 ? tombstones : null;
    }
}
