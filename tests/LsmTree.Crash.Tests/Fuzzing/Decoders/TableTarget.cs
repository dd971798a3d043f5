using System.Buffers.Binary;
using LsmTree.Storage;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>The parts of a table that are no blocks of entries: footer, index, filter, range tombstones and properties.</summary>
internal sealed class TableTarget() : FuzzTarget("table", 30_000)
{
    public override int Execute(ref Dice dice)
    {
        switch (dice.Below(5))
        {
            case 0:
                ReadFooter(ref dice);
                break;
            case 1:
                ReadIndex(ref dice);
                break;
            case 2:
                if (BloomFilter.TryRead(Mutation.Of(Any(Corpus.Filters, ref dice), ref dice), out var filter))
                {
                    filter!.MayContain(dice.Next());
                    filter.Close();
                }

                break;
            case 3:
                ReadTombstones(ref dice);
                break;
            default:
                var version = dice.Once(4) ? TableFormat.ExpiringVersion : TableFormat.BaseVersion;
                var read = TableProperties.Read(Mutation.Of(Any(Corpus.Properties, ref dice), ref dice), 4096, default(TableFooter) with { FormatVersion = version });
                if (read is { } properties && (properties.TombstoneCount > properties.EntryCount || properties.SmallestSequence > properties.LargestSequence))
                {
                    throw new FuzzException("properties that cannot be true were taken for true");
                }

                break;
        }

        return 1;
    }

    private static byte[] Any(IReadOnlyList<byte[]> corpus, ref Dice dice) => corpus[dice.Below(corpus.Count)];

    /// <summary>A footer of the right length, with a checksum that is right for the identity that it bears.</summary>
    private static void ReadFooter(ref Dice dice)
    {
        var bytes = Mutation.Of(Any(Corpus.Footers, ref dice), ref dice);
        Array.Resize(ref bytes, TableFooter.Bytes);
        TableFormat.Magic.CopyTo(bytes.AsSpan(TableFooter.Bytes - 8));
        var (storeId, number) = TableFooter.IdentityOf(bytes);
        var offset = dice.Once(2) ? dice.Below(4096) : (long)(dice.Next() >> 1);
        var covered = bytes.AsSpan(0, TableFooter.Bytes - 16);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(covered.Length), BlockChecksum.ForFile(storeId, number).Compute(covered, offset));
        try
        {
            var footer = TableFooter.Read(bytes, offset, "fuzzed", storeId, number);
            if (footer.DataEnd < 0 || footer.DataEnd > offset || footer.Properties.End != offset)
            {
                throw new FuzzException($"parts that do not fit the file: {footer}");
            }
        }
        catch (StoreException)
        {
            // Told, as the documentation says.
        }
    }

    private static void ReadIndex(ref Dice dice)
    {
        var bytes = Mutation.Of(Any(Corpus.Indexes, ref dice), ref dice);
        // The end of the data is anything; that of the original is found by trying, as the index is read line by line anyway.
        var end = dice.Once(2) ? EndOf(bytes) : (long)(dice.Next() >> (1 + dice.Below(63)));
        if (TableIndex.Read(bytes, end) is not { } index)
        {
            return;
        }

        for (var i = 0; i < Math.Min(index.Count, 8); i++)
        {
            var key = index.Separator(i);
            var found = index.Find(key, index.SeparatorTrailer(i));
            if (found != i || !index.Reaches(i, key, index.SeparatorTrailer(i)))
            {
                throw new FuzzException($"the separator of block {i} leads to block {found}");
            }
        }

        index.Close();
    }

    private static long EndOf(byte[] bytes)
    {
        var fields = new FieldReader(bytes);
        var count = fields.ReadNumber(bytes.Length);
        fields.ReadRange();
        var end = 0L;
        for (var i = 0; i < count && !fields.IsDamaged; i++)
        {
            end += fields.ReadNumber(BlockFormat.MaxStoredBytes) + BlockFormat.TrailerBytes;
            if (((ulong)fields.ReadNumber(uint.MaxValue) & TableIndex.ContinuesFlag) != 0)
            {
                fields.ReadVarint();
            }

            fields.ReadRange();
        }

        return end;
    }

    private static void ReadTombstones(ref Dice dice)
    {
        if (RangeTombstoneBlock.Read(Mutation.Of(Any(Corpus.Tombstones, ref dice), ref dice)) is { } tombstones)
        {
            var list = RangeTombstoneList.From(tombstones);
            foreach (var tombstone in tombstones)
            {
                if (list.CoveringSequence(tombstone.Start, ulong.MaxValue) < tombstone.Sequence)
                {
                    throw new FuzzException("a range tombstone does not cover its start");
                }
            }
        }
    }
}
