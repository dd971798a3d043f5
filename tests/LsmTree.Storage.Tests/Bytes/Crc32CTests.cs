using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tests.Bytes;

public sealed class Crc32CTests
{
    [Fact]
    public void The_published_check_values_come_out()
    {
        Assert.Equal(0xE3069283U, Crc32C.Compute("123456789"u8));
        Assert.Equal(0x8A9136AAU, Crc32C.Compute(new byte[32]));
        Assert.Equal(0x62A8AB43U, Crc32C.Compute(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD794EU, Crc32C.Compute(Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray()));
        Assert.Equal(0U, Crc32C.Compute([]));
    }

    [Fact]
    public void Append_continues_a_checksum_at_any_cut()
    {
        var bytes = Enumerable.Range(0, 200).Select(static i => (byte)(i * 37)).ToArray();
        var whole = Crc32C.Compute(bytes);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, Crc32C.Append(Crc32C.Compute(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }

        Assert.Equal(Crc32C.Compute([1, 2, 3, 4, 5, 6, 7, 8]), Crc32C.Append(0, 0x0807060504030201UL));
    }

    [Fact]
    public void Every_single_flipped_bit_is_recognised_and_two_are_not_taken_for_one()
    {
        var bytes = Enumerable.Range(0, 100).Select(static i => (byte)(i * 91)).ToArray();
        var stored = Crc32C.Compute(bytes);
        for (var bit = 0; bit < 8 * bytes.Length; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.True(Crc32C.TryFindSingleBitError(stored ^ Crc32C.Compute(bytes), bytes.Length, out var index), $"bit {bit}");
            Assert.Equal(bit / 8, index);
            var next = (bit + 13) % (8 * bytes.Length);
            bytes[next / 8] ^= (byte)(1 << (next % 8));
            Assert.False(Crc32C.TryFindSingleBitError(stored ^ Crc32C.Compute(bytes), bytes.Length, out _), $"bits {bit} and {next}");
            bytes[next / 8] ^= (byte)(1 << (next % 8));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void A_flip_outside_the_length_is_not_looked_for()
    {
        var bytes = new byte[20];
        var stored = Crc32C.Compute(bytes);
        bytes[3] ^= 4;
        Assert.True(Crc32C.TryFindSingleBitError(stored ^ Crc32C.Compute(bytes), 17, out _));
        Assert.False(Crc32C.TryFindSingleBitError(stored ^ Crc32C.Compute(bytes), 16, out _));
    }
}
