using System.Globalization;
using System.Xml.Linq;
using LsmTree.Workloads.Plots;

namespace LsmTree.Workloads.Tests.Plots;

public sealed class SvgPlotTests
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_plot_is_a_picture_with_a_name_axes_and_a_legend()
    {
        var svg = XDocument.Parse(SvgPlot.Draw(Sample())).Root!;

        Assert.Equal(s_svg + "svg", svg.Name);
        Assert.Equal("Speed & <size>", svg.Element(s_svg + "title")!.Value);
        var texts = svg.Elements(s_svg + "text").Select(static text => text.Value).ToList();
        Assert.Contains("operations", texts);
        Assert.Contains("per second", texts);
        Assert.Contains("first", texts);
        Assert.Contains("limit", texts);
        Assert.Contains("load", texts);
        Assert.Contains("400", texts);
        Assert.Contains("prefers-color-scheme:dark", svg.Element(s_svg + "style")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_goes_through_its_points()
    {
        var svg = XDocument.Parse(SvgPlot.Draw(Sample())).Root!;

        var lines = svg.Elements(s_svg + "polyline").ToList();
        Assert.Equal(2, lines.Count);
        // From the origin (72, 290) to the right edge (784), at half the height between 290 and 78.
        Assert.Equal("72,290 428,78 784,184", lines[0].Attribute("points")!.Value);
        Assert.Equal("limit", lines[1].Attribute("class")!.Value);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Values_that_no_scale_shows_stay_inside(bool logarithmic)
    {
        var plot = Sample() with
        {
            IsLogarithmic = logarithmic,
            Series = [new PlotSeries("odd", [(0, 0), (1, double.NaN), (2, -4), (3, 1e300)])],
        };

        var svg = XDocument.Parse(SvgPlot.Draw(plot)).Root!;

        foreach (var point in svg.Element(s_svg + "polyline")!.Attribute("points")!.Value.Split(' '))
        {
            var place = point.Split(',').Select(static number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(place[0], 72, 784);
            Assert.InRange(place[1], 78, 290);
        }
    }

    [Fact]
    public void A_plot_of_nothing_is_still_a_picture() =>
        Assert.NotNull(XDocument.Parse(SvgPlot.Draw(new Plot("", "", "", "", []))).Root);

    private static Plot Sample() => new(
        "Speed & <size>",
        "made up",
        "operations",
        "per second",
        [
            new PlotSeries("first", [(0, 0), (500, 1_000), (1_000, 500)]),
            new PlotSeries("limit", [(0, 700), (1_000, 700)]) { IsLimit = true },
        ])
    {
        Stretches = [(0, "load"), (500, "read")],
    };
}
