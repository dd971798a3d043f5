using LsmTree.Storage.Bytes;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Tests.Tables;

public sealed class KeySeparatorTests
{
    [Theory]
    [InlineData("the quick brown fox", "the who", "the r")]
    [InlineData("abcdef", "abzz", "abd")]
    [InlineData("user:1", "user:2", "user:1")]
    [InlineData("a7xx", "a8b", "a8")]
    [InlineData("a7xx", "a8", "a7y")]
    [InlineData("a7x", "a8", "a7x")]
    [InlineData("ab", "abc", "ab")]
    [InlineData("", "a", "")]
    public void The_separator_is_short(string left, string right, string expected) =>
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(Separate(Entry.Text(left), Entry.Text(right))));

    [Fact]
    public void A_run_of_FF_is_stepped_over_or_kept()
    {
        Assert.Equal([7, 0xFF, 0xFF, 5], Separate([7, 0xFF, 0xFF, 4, 9], [8]));
        Assert.Equal([7, 0xFF, 0xFF], Separate([7, 0xFF, 0xFF], [8]));
    }

    [Fact]
    public void The_separator_lies_between_and_is_never_longer_than_the_left_key()
    {
        var random = new Random(17);
        for (var i = 0; i < 20_000; i++)
        {
            var left = EntrySource.DrawKey(random);
            var right = EntrySource.DrawKey(random);
            var order = left.AsSpan().SequenceCompareTo(right);
            if (order == 0)
            {
                continue;
            }

            var (low, high) = order < 0 ? (left, right) : (right, left);
            var separator = Separate(low, high);
            var story = $"round {i}: {Convert.ToHexString(low)} {Convert.ToHexString(separator)} {Convert.ToHexString(high)}";
            Assert.True(low.AsSpan().SequenceCompareTo(separator) <= 0, story);
            Assert.True(separator.AsSpan().SequenceCompareTo(high) < 0, story);
            Assert.True(separator.Length <= low.Length, story);
        }
    }

    private static byte[] Separate(byte[] left, byte[] right)
    {
        using var buffer = new ByteBuffer();
        KeySeparator.Append(left, right, buffer);
        return buffer.Written.ToArray();
    }
}
