namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>Turns bytes that are right into bytes that nearly are.</summary>
internal static class Mutation
{
    private const int Neighbours = 7;

    private static readonly byte[][] s_extremes =
    [
        [0xFF, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0], [0, 0, 0, 0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], [0x80], [1], [0x7F], [0xFF],
    ];

    /// <summary>A changed copy; seldom the same bytes, and seldom bytes that have nothing to do with <paramref name="source"/>.</summary>
    public static byte[] Of(byte[] source, ref Dice dice)
    {
        if (dice.Once(64))
        {
            return Random(dice.Below(80), ref dice);
        }

        var bytes = (byte[])source.Clone();
        for (var times = 1 + dice.Below(3); times > 0; times--)
        {
            bytes = Change(bytes, ref dice);
        }

        return bytes;
    }

    /// <summary>
    /// Feeds <paramref name="bytes"/> as they are, and then some of their neighbours, each one bit away from them and changed in place: where decoding is
    /// cheaper than making another input, most inputs are made so.
    /// </summary>
    /// <returns>How many inputs those were.</returns>
    public static int FeedNeighbours(byte[] bytes, int offset, int length, ref Dice dice, FuzzFeed feed)
    {
        feed(bytes, ref dice);
        for (var number = 0; number < Neighbours && length > 0; number++)
        {
            var at = offset + dice.Below(length);
            var bit = (byte)(1 << dice.Below(8));
            bytes[at] ^= bit;
            feed(bytes, ref dice);
            bytes[at] ^= bit;
        }

        return length > 0 ? 1 + Neighbours : 1;
    }

    private static byte[] Change(byte[] bytes, ref Dice dice)
    {
        if (bytes.Length == 0)
        {
            return Random(1 + dice.Below(16), ref dice);
        }

        var at = dice.Below(bytes.Length);
        var length = 1 + dice.Below(Math.Min(16, bytes.Length - at));
        switch (dice.Below(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << dice.Below(8));
                return bytes;
            case 1:
                var extreme = s_extremes[dice.Below(s_extremes.Length)];
                extreme.AsSpan(0, Math.Min(extreme.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
                return bytes;
            case 2:
                return [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)];
            case 3:
                return [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at)];
            case 4:
                return bytes[..at];
            case 5:
                return [.. bytes.AsSpan(0, at), .. Random(length, ref dice), .. bytes.AsSpan(at)];
            default:
                Random(length, ref dice).CopyTo(bytes, at);
                return bytes;
        }
    }

    private static byte[] Random(int length, ref Dice dice)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)dice.Next();
        }

        return bytes;
    }
}
