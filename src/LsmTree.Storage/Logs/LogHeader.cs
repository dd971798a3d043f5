using System.Buffers.Binary;
using System.Numerics;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Logs;

/// <summary>The first bytes of a log, decoded; <see cref="LogFormat"/> draws them.</summary>
internal sealed record LogHeader(uint FormatVersion, LogIdentity Identity, LogPredecessor Predecessor)
{
    private const int ChecksumOffset = LogFormat.HeaderBytes - sizeof(uint);

    public void Write(Span<byte> destination)
    {
        var bytes = destination[..LogFormat.HeaderBytes];
        bytes.Clear();
        LogFormat.Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], FormatVersion);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], Identity.StoreId);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Identity.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], Predecessor.Number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], Predecessor.Bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[48..], Predecessor.LastSequence);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Crc32C.Compute(bytes[..ChecksumOffset]));
    }

    /// <summary>Decodes a header whatever its checksum says; <see cref="HasChecksum"/> tells whether to believe it.</summary>
    public static LogHeader Decode(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
        new LogIdentity(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..])),
        new LogPredecessor(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[48..])));

    /// <summary>True when the bytes begin with the magic and carry the right checksum.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(LogFormat.Magic) && StoredChecksum(bytes) == Crc32C.Compute(bytes[..ChecksumOffset]);

    /// <summary>True when one flipped bit explains a wrong checksum, and half a write does not (see <see cref="LogTail"/>).</summary>
    public static bool HasSingleBitError(ReadOnlySpan<byte> bytes)
    {
        var difference = StoredChecksum(bytes) ^ Crc32C.Compute(bytes[..ChecksumOffset]);
        var index = BitOperations.IsPow2(difference) ? ChecksumOffset + (BitOperations.TrailingZeroCount(difference) / 8) : -1;
        return (index >= 0 || Crc32C.TryFindSingleBitError(difference, ChecksumOffset, out index)) && bytes[index] != 0;
    }

    /// <summary>True when every byte of the magic is right or zero: the header may then be one that was only half written.</summary>
    public static bool MayBeUnfinished(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < Math.Min(bytes.Length, LogFormat.Magic.Length); i++)
        {
            if (bytes[i] != 0 && bytes[i] != LogFormat.Magic[i])
            {
                return false;
            }
        }

        return true;
    }

    private static uint StoredChecksum(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]);
}
