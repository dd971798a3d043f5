namespace LsmTree.Workloads.Plots;

/// <summary>A line of a plot.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Points">Where it goes, from left to right.</param>
internal sealed record PlotSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>A line that is a limit, not a measurement: thin and dotted.</summary>
    public bool IsLimit { get; init; }
}
