using System.Text;
using System.Text.RegularExpressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class LikeTests
{
    [Theory]
    [InlineData("user:1", "user:%", true)]
    [InlineData("user:", "user:%", true)]
    [InlineData("User:1", "user:%", false)]
    [InlineData("abc", "a_c", true)]
    [InlineData("a😀c", "a_c", true)]
    [InlineData("ac", "a_c", false)]
    [InlineData("", "", true)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    [InlineData("abc", "abc", true)]
    [InlineData("abcd", "abc", false)]
    [InlineData("xabyabz", "%ab_", true)]
    [InlineData("mississippi", "%iss%ip%", true)]
    [InlineData("mississippi", "%iss%iss%iss%", false)]
    [InlineData("50%", @"50\%", true)]
    [InlineData("50x", @"50\%", false)]
    [InlineData("a_b", @"a\_b", true)]
    [InlineData("é", "_", true)]
    public void Matches(string text, string pattern, bool expected)
    {
        Assert.Equal(expected, Like.IsMatch(SqlValue.FromText(text), SqlValue.FromText(pattern)));
        Assert.Equal(expected, Like.IsMatch(RandomValues.Utf8(text), RandomValues.Utf8(pattern)));
    }

    [Fact]
    public void Escape_is_one_character_or_none()
    {
        Assert.True(Like.IsMatch(SqlValue.FromText("50%"), SqlValue.FromText("50!%"), "!"));
        Assert.True(Like.IsMatch(SqlValue.FromText("50%"), SqlValue.FromText("50😀%"), "😀"));
        Assert.True(Like.IsMatch(SqlValue.FromText(@"a\b"), SqlValue.FromText(@"a\%"), ""));
        Assert.Equal("22018", Assert.Throws<LsmException>(static () => Like.IsMatch(SqlValue.FromText("a"), SqlValue.FromText("a"), "ab")).SqlState);
        Assert.Equal("22018", Assert.Throws<LsmException>(static () => Like.IsMatch(SqlValue.FromText("a"), SqlValue.FromText(@"a\"))).SqlState);
    }

    [Fact]
    public void Null_is_unknown_and_numbers_are_refused()
    {
        Assert.Null(Like.IsMatch(SqlValue.Null, SqlValue.FromText("%")));
        Assert.Null(Like.IsMatch(SqlValue.FromText("a"), SqlValue.Null));
        Assert.Equal("42804", Assert.Throws<LsmException>(static () => Like.IsMatch(SqlValue.FromInt32(1), SqlValue.FromText("1"))).SqlState);
        Assert.Equal("42804", Assert.Throws<LsmException>(static () => Like.IsMatch(SqlValue.FromText("1"), SqlValue.FromInt32(1))).SqlState);
    }

    [Fact]
    public void Blobs_match_byte_by_byte_where_they_are_no_text()
    {
        Assert.True(Like.IsMatch(SqlValue.FromBlob([0xFF, 0xFE, 0x61]), SqlValue.FromText("__a")));
        Assert.False(Like.IsMatch(SqlValue.FromBlob([0xFF, 0x61]), SqlValue.FromText("__a")));
    }

    [Theory]
    [InlineData("user:%", "user:", true, false)]
    [InlineData("user:_", "user:", false, false)]
    [InlineData("user:%x", "user:", false, false)]
    [InlineData("user", "user", false, true)]
    [InlineData(@"50\%%%", "50%", true, false)]
    [InlineData("é%", "é", true, false)]
    public void The_prefix_is_what_stands_before_the_first_wildcard(string pattern, string prefix, bool isPrefixOnly, bool isLiteral)
    {
        Assert.True(Like.TryGetPrefix(SqlValue.FromText(pattern), null, out var found));
        Assert.Equal(prefix, found.AsString());
        var parsed = Like.Parse(SqlValue.FromText(pattern));
        Assert.Equal(isPrefixOnly, parsed.IsPrefixOnly);
        Assert.Equal(isLiteral, parsed.IsLiteral);
    }

    [Fact]
    public void A_pattern_that_begins_with_a_wildcard_has_no_prefix() =>
        Assert.False(Like.TryGetPrefix(SqlValue.FromText("%a"), null, out _));

    [Theory]
    [InlineData(21)]
    public void Agrees_with_a_regular_expression(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5000; i++)
        {
            var text = Draw(random, "abé", 8);
            var pattern = Draw(random, "abé%_", 6);
            var regex = "^" + string.Concat(pattern.Select(static letter => letter switch { '%' => ".*", '_' => ".", _ => letter.ToString() })) + "$";
            Assert.True(
                Regex.IsMatch(text, regex) == Like.IsMatch(SqlValue.FromText(text), SqlValue.FromText(pattern)),
                $"seed {seed}: '{text}' LIKE '{pattern}'");
        }
    }

    [Fact]
    public void Many_wildcards_do_not_backtrack_into_each_other()
    {
        // With backtracking over every %, this would take longer than the age of the universe.
        var text = SqlValue.FromText(new string('a', 20_000));
        var pattern = SqlValue.FromText(string.Concat(Enumerable.Repeat("%a", 200)) + "%b");
        Assert.False(Like.IsMatch(text, pattern));
    }

    private static string Draw(Random random, string letters, int longest)
    {
        var text = new StringBuilder();
        for (var i = random.Next(longest); i > 0; i--)
        {
            text.Append(letters[random.Next(letters.Length)]);
        }

        return text.ToString();
    }
}
