using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Logs;

/// <summary>The 32 bytes before a record's payload, decoded; <see cref="LogFormat"/> draws them.</summary>
internal readonly struct LogRecordHeader
{
    /// <summary>Where in the header the type is: in its last byte.</summary>
    public const int TypeOffset = LogFormat.RecordHeaderBytes - 1;

    private const int ChecksummedFrom = sizeof(uint);
    private const int ChecksummedBytes = LogFormat.RecordHeaderBytes - ChecksummedFrom;
    private const int TypeShift = 56;
    private const ulong DurableMask = (1UL << TypeShift) - 1;

    private LogRecordHeader(ReadOnlySpan<byte> bytes)
    {
        PayloadChecksum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        Length = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        Count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        FirstSequence = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        DurableBytes = (long)(BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) & DurableMask);
        Type = (LogRecordType)bytes[TypeOffset];
    }

    public uint PayloadChecksum { get; }

    /// <summary>Bytes of payload. Not an int: nothing has checked it against the file yet.</summary>
    public uint Length { get; }

    public uint Count { get; }

    public ulong FirstSequence { get; }

    public long DurableBytes { get; }

    public LogRecordType Type { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> destination, uint seed, long offset, LogRecordType type, ulong firstSequence, uint count, long durableBytes, ReadOnlySpan<byte> payload)
    {
        var bytes = destination[..LogFormat.RecordHeaderBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32C.Compute(payload));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], (uint)payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], count);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], firstSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (ulong)durableBytes | (ulong)type << TypeShift);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Checksum(seed, offset, bytes));
    }

    /// <summary>Decodes the header of a record at <paramref name="offset"/> of the file; false when its checksum is not that of this place.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, uint seed, long offset, out LogRecordHeader header)
    {
        if (bytes[TypeOffset] != 0 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == Checksum(seed, offset, bytes))
        {
            header = new LogRecordHeader(bytes);
            return true;
        }

        header = default;
        return false;
    }

    /// <summary>The first place in <paramref name="bytes"/>, which begin at <paramref name="offset"/> of the file, where a good header is; or -1.</summary>
    public static int Find(ReadOnlySpan<byte> bytes, uint seed, long offset, out LogRecordHeader header)
    {
        for (var i = 0; i + LogFormat.RecordHeaderBytes <= bytes.Length; i++)
        {
            // Nearly every byte is no record's type: the search for one that is passes over zeros and text at memory speed.
            var type = bytes[(i + TypeOffset)..].IndexOfAnyInRange((byte)LogRecordType.Batch, (byte)LogRecordType.Trailer);
            if (type < 0)
            {
                break;
            }

            i += type;
            if (TryRead(bytes[i..], seed, offset + i, out header) && header.DurableBytes <= offset + i)
            {
                return i;
            }
        }

        header = default;
        return -1;
    }

    /// <summary>True when one flipped bit explains why there is no header at <paramref name="offset"/>, and half a write does not (see <see cref="LogTail"/>).</summary>
    public static bool HasSingleBitError(ReadOnlySpan<byte> bytes, uint seed, long offset)
    {
        var difference = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ Checksum(seed, offset, bytes);
        if (BitOperations.IsPow2(difference))
        {
            return bytes[BitOperations.TrailingZeroCount(difference) / 8] != 0; // in the stored checksum itself
        }

        return Crc32C.TryFindSingleBitError(difference, ChecksummedBytes, out var index) && bytes[ChecksummedFrom + index] != 0;
    }

    private static uint Checksum(uint seed, long offset, ReadOnlySpan<byte> bytes) =>
        Crc32C.Append(Crc32C.Append(seed, (ulong)offset), bytes.Slice(ChecksummedFrom, ChecksummedBytes));
}
