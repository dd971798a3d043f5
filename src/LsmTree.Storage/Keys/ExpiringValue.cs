using System.Buffers.Binary;

namespace LsmTree.Storage.Keys;

/// <summary>The stored value of an entry of kind <see cref="EntryKind.PutExpiring"/>: when it expires, then the value.</summary>
/// <remarks>
/// <code>
///   stored := expiresAt value       expiresAt: int64, big-endian, milliseconds since 1970-01-01T00:00Z
/// </code>
/// <para>Example: "xy" until 2030-01-01T00:00Z is <c>00 00 01 B8 DA C5 B4 00  78 79</c>.</para>
/// <para>An entry is there for readers whose moment is before <c>expiresAt</c>. Moments are rounded down to a millisecond and expiries up, so that
/// nothing expires early.</para>
/// </remarks>
internal static class ExpiringValue
{
    public const int PrefixBytes = sizeof(long);

    /// <summary>The first millisecond at which an entry with this expiry is gone.</summary>
    public static long ToMilliseconds(DateTimeOffset expiresAt) =>
        expiresAt.ToUnixTimeMilliseconds() + (expiresAt.UtcTicks % TimeSpan.TicksPerMillisecond == 0 ? 0 : 1);

    /// <summary>False when the bytes are too short to begin with an expiry.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> stored, out long expiresAt, out ReadOnlySpan<byte> value)
    {
        if (!BinaryPrimitives.TryReadInt64BigEndian(stored, out expiresAt))
        {
            value = default;
            return false;
        }

        value = stored[PrefixBytes..];
        return true;
    }

    public static void WritePrefix(Span<byte> destination, long expiresAt) => BinaryPrimitives.WriteInt64BigEndian(destination, expiresAt);
}
