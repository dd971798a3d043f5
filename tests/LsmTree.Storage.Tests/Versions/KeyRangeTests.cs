using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class KeyRangeTests
{
    [Theory]
    [InlineData("a", "c", false, "c", "d", false, true)]
    [InlineData("a", "c", true, "c", "d", false, false)]
    [InlineData("c", "d", false, "a", "c", true, false)]
    [InlineData("a", "z", false, "c", "d", true, true)]
    [InlineData("a", "b", false, "c", "d", false, false)]
    [InlineData("a", null, false, "c", "d", false, true)]
    [InlineData("e", null, false, "c", "d", false, false)]
    public void Ranges_overlap_when_they_share_a_key(string from, string? to, bool exclusive, string otherFrom, string otherTo, bool otherExclusive, bool overlap)
    {
        var left = new KeyRange(LevelPicture.Key(from), to is null ? null : LevelPicture.Key(to), exclusive);
        var right = new KeyRange(LevelPicture.Key(otherFrom), LevelPicture.Key(otherTo), otherExclusive);
        Assert.Equal(overlap, left.Overlaps(right));
        Assert.Equal(overlap, right.Overlaps(left));
    }

    [Fact]
    public void The_union_keeps_the_inclusive_end_of_two_equal_ends()
    {
        var union = new KeyRange([2], [5], true).Union(new KeyRange([1], [5]));
        Assert.Equal([1], union.From);
        Assert.Equal([5], union.To);
        Assert.False(union.ToIsExclusive);
        Assert.Null(union.Union(KeyRange.Everything).To);
    }

    [Fact]
    public void A_range_covers_what_does_not_reach_out_of_it()
    {
        var range = new KeyRange([1], [5], true);
        Assert.True(range.Covers(new KeyRange([1], [5], true)));
        Assert.False(range.Covers(new KeyRange([1], [5])));
        Assert.False(range.Covers(new KeyRange([], [4])));
        Assert.False(range.Covers(new KeyRange([2], null)));
        Assert.True(KeyRange.Everything.Covers(new KeyRange([2], null)));
    }
}
