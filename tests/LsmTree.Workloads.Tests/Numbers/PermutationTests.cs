using LsmTree.Workloads.Numbers;

namespace LsmTree.Workloads.Tests.Numbers;

public sealed class PermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1_000)]
    [InlineData(65_537)]
    public void Every_number_comes_up_once(long count)
    {
        var order = new Permutation(count, seed: 9);
        var seen = new bool[count];
        for (var place = 0L; place < count; place++)
        {
            var number = order.At(place);
            Assert.InRange(number, 0, count - 1);
            Assert.False(seen[number], $"{number} came up twice.");
            seen[number] = true;
        }
    }

    [Fact]
    public void Places_beyond_the_count_begin_again()
    {
        var order = new Permutation(100, seed: 9);

        Assert.Equal(order.At(3), order.At(203));
    }

    [Fact]
    public void The_order_comes_from_the_seed_and_is_no_order_of_numbers()
    {
        const int Count = 10_000;
        var order = new Permutation(Count, seed: 1);
        var other = new Permutation(Count, seed: 2);
        var places = Enumerable.Range(0, Count - 1).ToList();

        Assert.Equal(Enumerable.Range(0, Count).Select(place => new Permutation(Count, seed: 1).At(place)), Enumerable.Range(0, Count).Select(place => order.At(place)));
        Assert.InRange(places.Count(place => order.At(place) == other.At(place)), 0, 20);
        Assert.InRange(places.Count(place => order.At(place) < order.At(place + 1)), Count * 0.47, Count * 0.53);
    }
}
