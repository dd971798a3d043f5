using System.Globalization;
using System.Text;
using System.Xml;

namespace LsmTree.Workloads.Plots;

/// <summary>Draws a plot as an SVG file of a few kilobytes that reads on a light and on a dark page.</summary>
/// <remarks>
/// The picture brings its own background, light by default and dark where the reader's system is, because a page may be dark when the system is not.
/// Lines differ in dashes as well as in colour. No script, no font, no reference to anything outside.
/// </remarks>
internal static class SvgPlot
{
    private const string Namespace = "http://www.w3.org/2000/svg";
    private const int Width = 800;
    private const int Height = 356;
    private const int Left = 72;
    private const int Right = 784;
    private const int Top = 78;
    private const int Bottom = 290;
    private const int TickLine = 18; // Below the axis, in this order: ticks, names of stretches, the name of the axis.
    private const int StretchLine = 36;
    private const int NameLine = 54;
    private const int LegendLine = 26;
    private const double LegendLetter = 7.2;

    private const string Style = """

        .page{fill:#fff}.ink{fill:#1f2328}.soft{fill:#59636e}.grid{stroke:#d1d9e0;stroke-width:1}.cut{stroke:#8c959f;stroke-width:1;stroke-dasharray:2 3}
        text{font:12px system-ui,-apple-system,"Segoe UI",sans-serif}.title{font-size:15px;font-weight:600}
        .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.s0{stroke:#0969da}.s1{stroke:#bc4c00;stroke-dasharray:7 3}.s2{stroke:#8250df;stroke-dasharray:2 2}
        .s3{stroke:#1a7f37;stroke-dasharray:9 3 2 3}.s4{stroke:#9a6700;stroke-dasharray:4 4}.limit{fill:none;stroke:#cf222e;stroke-width:1.2;stroke-dasharray:1 4}
        @media(prefers-color-scheme:dark){.page{fill:#0d1117}.ink{fill:#e6edf3}.soft{fill:#9198a1}.grid{stroke:#30363d}.cut{stroke:#6e7681}
        .s0{stroke:#58a6ff}.s1{stroke:#f0883e}.s2{stroke:#bc8cff}.s3{stroke:#56d364}.s4{stroke:#e3b341}.limit{stroke:#ff7b72}}

        """;

    public static string Draw(Plot plot)
    {
        var values = plot.Series.SelectMany(static series => series.Points).Select(static point => point.Y).Where(static value => value > 0 || value == 0).ToList();
        var highest = values.DefaultIfEmpty(1).Max();
        var horizontal = AxisScale.Linear(plot.Series.SelectMany(static series => series.Points).Select(static point => point.X).DefaultIfEmpty(1).Max(), exact: true);
        var vertical = plot.IsLogarithmic
            ? AxisScale.Logarithmic(values.Where(static value => value > 0).DefaultIfEmpty(1).Min(), highest)
            : AxisScale.Linear(highest);

        var text = new StringBuilder();
        using (var svg = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = true, IndentChars = " ", NewLineChars = "\n" }))
        {
            svg.WriteStartElement("svg", Namespace);
            svg.WriteAttributeString("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {Width} {Height}"));
            svg.WriteAttributeString("role", "img");
            svg.WriteElementString("title", Namespace, plot.Title);
            svg.WriteElementString("desc", Namespace, $"{plot.Subtitle}. {plot.YAxis} against {plot.XAxis}.");
            svg.WriteElementString("style", Namespace, Style);
            Element(svg, "rect", ("class", "page"), ("width", "100%"), ("height", "100%"), ("rx", "6"));
            Text(svg, 16, 24, "ink title", "start", plot.Title);
            Text(svg, 16, 42, "soft", "start", plot.Subtitle);
            DrawAxes(svg, plot, horizontal, vertical);
            DrawStretches(svg, plot, horizontal);
            DrawSeries(svg, plot, horizontal, vertical);
            svg.WriteEndElement();
        }

        return text.Append('\n').ToString();
    }

    private static void DrawAxes(XmlWriter svg, Plot plot, AxisScale horizontal, AxisScale vertical)
    {
        foreach (var tick in vertical.Ticks)
        {
            var y = Y(vertical, tick);
            Element(svg, "line", ("class", "grid"), ("x1", Number(Left)), ("x2", Number(Right)), ("y1", Number(y)), ("y2", Number(y)));
            Text(svg, Left - 8, y + 4, "soft", "end", AxisScale.Label(tick));
        }

        foreach (var tick in horizontal.Ticks)
        {
            Text(svg, X(horizontal, tick), Bottom + TickLine, "soft", "middle", AxisScale.Label(tick));
        }

        Text(svg, Right, Bottom + NameLine, "soft", "end", plot.XAxis);
        Text(svg, 16, Top - 10, "soft", "start", plot.YAxis);
    }

    private static void DrawStretches(XmlWriter svg, Plot plot, AxisScale horizontal)
    {
        foreach (var (from, name) in plot.Stretches)
        {
            var x = X(horizontal, from);
            if (from > 0)
            {
                Element(svg, "line", ("class", "cut"), ("x1", Number(x)), ("x2", Number(x)), ("y1", Number(Top)), ("y2", Number(Bottom)));
            }

            Text(svg, x + 4, Bottom + StretchLine, "soft", "start", name);
        }
    }

    private static void DrawSeries(XmlWriter svg, Plot plot, AxisScale horizontal, AxisScale vertical)
    {
        // The legend is set from the right, so that it never meets the axis's name on the left.
        var x = Right - plot.Series.Sum(static series => LegendWidth(series));
        for (var place = 0; place < plot.Series.Count; place++)
        {
            var series = plot.Series[place];
            var look = series.IsLimit ? "limit" : string.Create(CultureInfo.InvariantCulture, $"line s{place}");
            Element(svg, "polyline", ("class", look), ("points", string.Join(' ', series.Points.Select(point => $"{Number(X(horizontal, point.X))},{Number(Y(vertical, point.Y))}"))));
            if (plot.Series.Count == 1)
            {
                return; // The axis names it.
            }

            Element(svg, "path", ("class", look), ("d", $"M{Number(x)} {Number(Top - 14)}h{Number(LegendLine - 6)}"));
            Text(svg, x + LegendLine, Top - 10, "ink", "start", series.Name);
            x += LegendWidth(series);
        }
    }

    private static double LegendWidth(PlotSeries series) => LegendLine + 14 + (series.Name.Length * LegendLetter);

    private static double X(AxisScale scale, double value) => Left + (scale.Place(value) * (Right - Left));

    private static double Y(AxisScale scale, double value) => Bottom - (scale.Place(value) * (Bottom - Top));

    private static string Number(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    private static void Text(XmlWriter svg, double x, double y, string look, string anchor, string text)
    {
        svg.WriteStartElement("text", Namespace);
        svg.WriteAttributeString("class", look);
        svg.WriteAttributeString("x", Number(x));
        svg.WriteAttributeString("y", Number(y));
        if (anchor != "start")
        {
            svg.WriteAttributeString("text-anchor", anchor);
        }

        svg.WriteString(text);
        svg.WriteEndElement();
    }

    private static void Element(XmlWriter svg, string name, params (string Name, string Value)[] attributes)
    {
        svg.WriteStartElement(name, Namespace);
        foreach (var (attribute, value) in attributes)
        {
            svg.WriteAttributeString(attribute, value);
        }

        svg.WriteEndElement();
    }
}
