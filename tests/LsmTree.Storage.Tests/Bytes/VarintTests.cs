using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tests.Bytes;

public sealed class VarintTests
{
    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7F")]
    [InlineData(128UL, "8001")]
    [InlineData(300UL, "AC02")]
    [InlineData(ulong.MaxValue, "FFFFFFFFFFFFFFFFFF01")]
    public void A_value_has_one_encoding(ulong value, string hex)
    {
        var bytes = new byte[10];
        var written = Varint.Write(bytes, value);
        Assert.Equal(hex, Convert.ToHexString(bytes, 0, written));
        Assert.Equal(written, Varint.Length(value));
        Assert.Equal(written, Varint.TryRead64(bytes, out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("8080808080808080808000")]
    public void What_is_no_varint_is_refused(string hex) => Assert.Equal(0, Varint.TryRead64(Convert.FromHexString(hex), out _));

    [Fact]
    public void More_than_32_bits_are_refused_where_32_are_asked() => Assert.Equal(0, Varint.TryRead32([0xFF, 0xFF, 0xFF, 0xFF, 0x1F], out _));
}
