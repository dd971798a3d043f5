using System.Buffers.Binary;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tables;

namespace LsmTree.Crash.Tests.Hostility;

/// <summary>Changes bytes of a file and makes every checksum right again.</summary>
internal static class Forgery
{
    private const ulong HashOfNothing = 0x2D06800538D394C2; // XxHash3 of no bytes: takes the place out of a block's checksum

    private static readonly byte[][] s_extremes =
    [
        [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        [0, 0, 0, 0], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01], [0, 0, 0, 0x40], [1], [0x7F],
    ];

    /// <summary>Forges a part of a table: a block of entries, filter, index, range tombstones, properties, or the footer itself.</summary>
    public static bool OfTable(byte[] bytes, ref Dice dice)
    {
        var footerAt = bytes.Length - TableFooter.Bytes;
        if (footerAt < 0)
        {
            return false;
        }

        var (storeId, number) = TableFooter.IdentityOf(bytes.AsSpan(footerAt));
        var footer = TableFooter.Read(bytes.AsSpan(footerAt), footerAt, "forged", storeId, number);
        var checksum = BlockChecksum.ForFile(storeId, number);
        var parts = new List<BlockHandle> { footer.Filter, footer.Index, footer.RangeTombstones, footer.Properties };
        var index = bytes.AsSpan((int)footer.Index.Offset, footer.Index.Size).ToArray();
        if (TableIndex.Read(index, footer.DataEnd) is { } lines)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                parts.Add(lines.Handle(i));
            }
        }

        parts.RemoveAll(static part => part.IsAbsent);
        var chosen = dice.Below(parts.Count + 1);
        if (chosen < parts.Count)
        {
            var part = parts[chosen];
            var covered = bytes.AsSpan((int)part.Offset, part.Size + 1); // contents and compression
            Change(covered, ref dice);
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)part.Offset + part.Size + 1), checksum.Compute(covered, part.Offset));
        }
        else
        {
            Change(bytes.AsSpan(footerAt, 64), ref dice);
        }

        SealTable(bytes, checksum);
        return true;
    }

    /// <summary>Makes the footer right again: the handles as they stand now, forged or not, and the rest around them.</summary>
    public static void SealTable(byte[] bytes, BlockChecksum checksum)
    {
        var footerAt = bytes.Length - TableFooter.Bytes;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(footerAt + 80), checksum.Compute(bytes.AsSpan(0, footerAt), 0) ^ checksum.Compute([], 0) ^ HashOfNothing);
        var covers = bytes.AsSpan(footerAt, TableFooter.Bytes - 16);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(bytes.Length - 16), checksum.Compute(covers, footerAt));
    }

    /// <summary>Forges the payload of one record, or the numbers of its header, of a log or manifest.</summary>
    public static bool OfLog(byte[] bytes, ref Dice dice)
    {
        if (bytes.Length < LogFormat.HeaderBytes + LogFormat.RecordHeaderBytes)
        {
            return false;
        }

        var seed = LogFormat.Seed(LogHeader.Decode(bytes).Identity);
        var records = new List<int>();
        for (var at = LogFormat.HeaderBytes; at + LogFormat.RecordHeaderBytes <= bytes.Length && LogRecordHeader.TryRead(bytes.AsSpan(at), seed, at, out var header); at += LogFormat.RecordHeaderBytes + (int)header.Length)
        {
            records.Add(at);
        }

        if (records.Count == 0)
        {
            return false;
        }

        var chosen = records[dice.Below(records.Count)];
        LogRecordHeader.TryRead(bytes.AsSpan(chosen), seed, chosen, out var forged);
        var payload = bytes.AsSpan(chosen + LogFormat.RecordHeaderBytes, (int)forged.Length);
        if (payload.Length > 0 && !dice.Once(4))
        {
            Change(payload, ref dice);
            LogRecordHeader.Write(bytes.AsSpan(chosen), seed, chosen, forged.Type, forged.FirstSequence, forged.Count, forged.DurableBytes, payload);
        }
        else
        {
            var count = dice.Once(2) ? forged.Count : (uint)dice.Next();
            var sequence = dice.Once(2) ? forged.FirstSequence : dice.Next() >> dice.Below(64);
            LogRecordHeader.Write(bytes.AsSpan(chosen), seed, chosen, dice.Once(8) ? (LogRecordType)dice.Below(5) : forged.Type, sequence, count, forged.DurableBytes, payload);
        }

        return true;
    }

    private static void Change(Span<byte> bytes, ref Dice dice)
    {
        var at = dice.Below(bytes.Length);
        if (dice.Once(2))
        {
            var extreme = s_extremes[dice.Below(s_extremes.Length)];
            extreme.AsSpan(0, Math.Min(extreme.Length, bytes.Length - at)).CopyTo(bytes[at..]);
            return;
        }

        for (var count = 1 + dice.Below(8); count > 0; count--)
        {
            bytes[dice.Below(bytes.Length)] = (byte)dice.Next();
        }
    }
}
