using System.Text;

namespace LsmTree.Crash.Tests.Models;

/// <summary>The keys that histories use, in the store's order, so that a key is its index and the oracle an array.</summary>
internal static class ModelKeys
{
    /// <summary>A key below this many is often drawn: the hot set is spread over the whole order.</summary>
    public const int HotKeys = 32;

    private static readonly byte[][] s_keys = Create();

    public static int Count => s_keys.Length;

    public static byte[] Of(int index) => s_keys[index];

    /// <summary>Seven of ten throws land on a few keys, as the writes of most programs do.</summary>
    public static int Draw(ref Dice dice) => dice.Below(10) < 7 ? dice.Below(HotKeys) * Count / HotKeys : dice.Below(Count);

    /// <summary>The index of a key that came out of a store; -1 when no history could have put it there.</summary>
    public static int IndexOf(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, s_keys.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = key.SequenceCompareTo(s_keys[middle]);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (low, middle - 1) : (middle + 1, high);
        }

        return -1;
    }

    private static byte[][] Create()
    {
        var keys = new List<byte[]> { Array.Empty<byte>() };
        foreach (var length in new[] { 1, 2, 3, 8, 9 })
        {
            keys.Add(new byte[length]);
            keys.Add([.. Enumerable.Repeat((byte)0xFF, length)]);
        }

        var prefix = new string('p', 60);
        for (var i = 0; i < 70; i++)
        {
            keys.Add(Encoding.ASCII.GetBytes($"k{i:D4}"));
            keys.Add(Encoding.ASCII.GetBytes($"{prefix}{i:D3}"));
            keys.Add([(byte)(i * 3 + 1), (byte)(255 - i), 0, (byte)i]);
        }

        // One key is the beginning of another, and one is longer than a small block.
        for (var length = 2; length <= 20; length++)
        {
            keys.Add(Encoding.ASCII.GetBytes(new string('q', length)));
        }

        keys.Add(Encoding.ASCII.GetBytes(new string('r', 700)));
        keys.Add(Encoding.ASCII.GetBytes(new string('s', 5_000)));
        keys.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return [.. keys];
    }
}
