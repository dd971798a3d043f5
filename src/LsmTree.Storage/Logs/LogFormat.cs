using System.Buffers.Binary;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Logs;

/// <summary>The bytes of a log: a header, records, and a trailer when it was closed. All numbers are little-endian.</summary>
/// <remarks>
/// <code>
/// log      = header record* [trailer] zeros*
///
/// header   0        8         12       16         24       32           40      48             56    60     64
///          | magic  | version | 0      | store id | number | predecessor: number | bytes | last  | 0   | crc |
///                                                                                   sequence
/// record   0            4             8        12      16               24              31     32
///          | header crc | payload crc | length | count | first sequence | durable bytes | type | payload ... |
///
/// trailer  = record of type 3 whose payload is: record count (8), last sequence (8)
/// </code>
/// <para>Every crc is CRC32C. That of the header covers its first 60 bytes. A record's header crc covers the store id, the log's number, the
/// record's offset in the file and bytes 4 to 31 of the record: it is right at one place of one file only. It covers the payload's crc, and
/// thereby binds the payload to that place as well. A length is believed only after the header crc has been found right.</para>
/// <para><em>Durable bytes</em> is how much of this file an fsync had covered when the record was appended. A good record with a larger number
/// there than the offset of a bad one proves that the bad one was once on the disk, and did not merely fail to get there.</para>
/// <para>Zeros are space reserved and not used. No record begins with zeros only, since none has the type 0.</para>
/// <para>A log is closed in the order: fsync, trailer, fsync. So a trailer's durable bytes are its own offset: whatever is
/// missing before a trailer was lost after it had been durable.</para>
/// </remarks>
/// <example>docs/formats/log.md shows every byte of a log of one record.</example>
internal static class LogFormat
{
    public const uint Version = 1;
    public const int HeaderBytes = 64;
    public const int RecordHeaderBytes = 32;
    public const int TrailerPayloadBytes = 16;

    /// <summary>The largest payload: a batch of 1 GiB and 1 MiB for what encodes it.</summary>
    public const int MaxPayloadBytes = (1 << 30) + (1 << 20);

    /// <summary>Carriage return and line feed fall victim to any transfer that thinks the file is text.</summary>
    public static ReadOnlySpan<byte> Magic => "LsmLog\r\n"u8;

    /// <summary>What every checksum of a log's records begins with.</summary>
    public static uint Seed(LogIdentity identity) => Crc32C.Append(Crc32C.Append(0, identity.StoreId), identity.Number);

    /// <summary>Writes a trailer's payload.</summary>
    public static void WriteTrailer(Span<byte> payload, ulong recordCount, ulong lastSequence)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(payload, recordCount);
        BinaryPrimitives.WriteUInt64LittleEndian(payload[8..], lastSequence);
    }

    /// <summary>Reads a trailer's payload; false when it is not as long as one.</summary>
    public static bool TryReadTrailer(ReadOnlySpan<byte> payload, out ulong recordCount, out ulong lastSequence)
    {
        var isWhole = payload.Length == TrailerPayloadBytes;
        recordCount = isWhole ? BinaryPrimitives.ReadUInt64LittleEndian(payload) : 0;
        lastSequence = isWhole ? BinaryPrimitives.ReadUInt64LittleEndian(payload[8..]) : 0;
        return isWhole;
    }
}
