using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class VersionTests
{
    private const string Tree = """
        L0: 9[c-x] #91-120  8[a-p) #60-90
        L5: 1[b-f]  2[g-m)  3[m-z]
        L6: 4[a-c]  5[e-r]
        """;

    [Theory]
    [InlineData("a", null)]
    [InlineData("b", 1UL)]
    [InlineData("f", 1UL)]
    [InlineData("fa", null)]
    [InlineData("g", 2UL)]
    [InlineData("lz", 2UL)]
    [InlineData("m", 3UL)]
    [InlineData("z", 3UL)]
    [InlineData("za", null)]
    public void FindTable_gives_the_one_table_that_may_hold_the_key(string key, ulong? number) =>
        Assert.Equal(number, LevelPicture.VersionOf(Tree).FindTable(5, LevelPicture.Key(key))?.Number);

    [Theory]
    [InlineData(5, "f", "g", "1,2")]
    [InlineData(5, "m", "m", "3")]
    [InlineData(5, "h", "m", "2,3")]
    [InlineData(5, "fa", "fb", "")]
    [InlineData(5, "", "zz", "1,2,3")]
    [InlineData(0, "p", "q", "9")]
    [InlineData(0, "a", "c", "9,8")]
    [InlineData(6, "d", "d", "")]
    public void Overlapping_gives_the_tables_of_a_range_in_level_order(int level, string from, string to, string numbers)
    {
        var found = LevelPicture.VersionOf(Tree).Overlapping(level, new KeyRange(LevelPicture.Key(from), LevelPicture.Key(to)));
        Assert.Equal(numbers, string.Join(',', found.Select(static table => table.Number)));
    }

    [Fact]
    public void Bytes_and_counts_are_those_of_the_tables()
    {
        var version = LevelPicture.VersionOf(Tree);
        Assert.Equal(7, version.TableCount);
        Assert.Equal(3, version.Count(5));
        Assert.Equal(96L << 20, version.Bytes(5));
        Assert.Equal(7 * (32L << 20), version.TotalBytes);
        Assert.Equal([9, 8, 1, 2, 3, 4, 5], version.Tables.Select(static table => table.Number));
    }

    [Fact]
    public void A_tree_in_order_is_valid() => LevelPicture.VersionOf(Tree).Validate();

    [Theory]
    [InlineData("L1: 1[a-c] 2[c-d]", "on level 1, table 1 [a, c] #1-1 does not end before table 2 [c, d] #1-1 begins")]
    [InlineData("L1: 1[d-e] 2[a-b]", "does not end before")]
    [InlineData("L0: 1[a-c] #1-5  2[a-c] #6-9", "on level 0, table 1 [a, c] #1-5 does not come wholly after table 2 [a, c] #6-9 in time")]
    [InlineData("L0: 2[a-c] #5-9  1[x-z] #1-5", "does not come wholly after")]
    [InlineData("L1: 1[a-c]\nL2: 1[a-c]", "table 1 occurs twice, the second time on level 2")]
    [InlineData("L1: 1[c-a]", "table 1 [c, a] #1-1 on level 1 has no key between its ends")]
    [InlineData("L1: 1[c-c)", "has no key between its ends")]
    [InlineData("L1: 1[a-c] #9-3", "has its sequence numbers the wrong way round")]
    [InlineData("L1: 1[a-c] del:0/0", "is empty")]
    public void What_breaks_an_invariant_is_refused_by_name(string picture, string message)
    {
        var error = Assert.Throws<InvalidOperationException>(() => LevelPicture.VersionOf(picture).Validate());
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Neighbours_may_meet_at_an_exclusive_end() => LevelPicture.VersionOf("L1: 1[a-c) 2[c-d]").Validate();
}
