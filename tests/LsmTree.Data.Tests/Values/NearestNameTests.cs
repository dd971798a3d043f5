using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("costumers", "customers")] // two letters swapped
    [InlineData("CUSTOMER", "customers")] // one missing, another case
    [InlineData("order_", "orders")]
    [InlineData("kw", null)] // half of a short name is another name
    [InlineData("zebra", null)]
    [InlineData("", null)]
    [InlineData("customers", "customers")]
    public void Finds_the_name_that_was_meant(string written, string? expected) =>
        Assert.Equal(expected, NearestName.Find(written, ["kv", "customers", "orders", "c"]));

    [Fact]
    public void The_nearest_wins_and_the_first_of_equals() =>
        Assert.Equal("names", NearestName.Find("namez", ["games", "names", "namer"]));

    [Fact]
    public void Long_names_are_not_compared() =>
        Assert.Null(NearestName.Find(new string('a', 100), [new string('a', 99)]));
}
