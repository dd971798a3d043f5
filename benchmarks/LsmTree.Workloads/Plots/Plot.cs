namespace LsmTree.Workloads.Plots;

/// <summary>What a plot shows; how it looks is <see cref="SvgPlot"/>'s business.</summary>
/// <param name="Title">What it is about.</param>
/// <param name="Subtitle">Under which conditions.</param>
/// <param name="XAxis">The horizontal axis, with its unit.</param>
/// <param name="YAxis">The vertical axis, with its unit.</param>
/// <param name="Series">At most five lines.</param>
internal sealed record Plot(string Title, string Subtitle, string XAxis, string YAxis, IReadOnlyList<PlotSeries> Series)
{
    /// <summary>Whether the vertical axis counts decades. Otherwise it is linear and begins at 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Stretches of the horizontal axis with a name, from left to right; each ends where the next begins.</summary>
    public IReadOnlyList<(double From, string Name)> Stretches { get; init; } = [];
}
