using LsmTree.Workloads.Plots;

namespace LsmTree.Workloads.Tests.Plots;

public sealed class AxisScaleTests
{
    [Theory]
    [InlineData(10, "0 2 4 6 8 10")]
    [InlineData(950_000, "0 200k 400k 600k 800k 1M")]
    [InlineData(0.7, "0 0.2 0.4 0.6 0.8")]
    [InlineData(0, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(double.NaN, "0 0.2 0.4 0.6 0.8 1")]
    public void A_linear_scale_has_round_steps_from_zero(double maximum, string labels) =>
        Assert.Equal(labels, string.Join(' ', AxisScale.Linear(maximum).Ticks.Select(AxisScale.Label)));

    [Fact]
    public void An_exact_scale_ends_with_its_values()
    {
        var scale = AxisScale.Linear(22, exact: true);

        Assert.Equal([0, 5, 10, 15, 20], scale.Ticks);
        Assert.Equal(1, scale.Place(22));
        Assert.Equal(0.5, scale.Place(11));
    }

    [Fact]
    public void A_logarithmic_scale_has_decades()
    {
        var scale = AxisScale.Logarithmic(0.3, 4_000);

        Assert.Equal("0.1 1 10 100 1,000 10k", string.Join(' ', scale.Ticks.Select(AxisScale.Label)));
        Assert.Equal(0.4, scale.Place(10), 9);
        Assert.Equal(0, scale.Place(0));
        Assert.Equal(1, scale.Place(1e9));
    }
}
