using System.Globalization;

namespace LsmTree.Workloads.Plots;

/// <summary>Where values lie along an axis, as a fraction of its length, and which of them get a label.</summary>
/// <remarks>A linear scale has steps of 1, 2 or 5 times a power of ten, and ends at a step. A logarithmic one runs from decade to decade.</remarks>
internal sealed class AxisScale
{
    private const int MostSteps = 6;

    private readonly double _low;
    private readonly double _high;
    private readonly bool _logarithmic;

    private AxisScale(double low, double high, bool logarithmic, IReadOnlyList<double> ticks)
    {
        _low = low;
        _high = high;
        _logarithmic = logarithmic;
        Ticks = ticks;
    }

    /// <summary>The values that get a line and a label.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>A scale from 0 to the first step at or above <paramref name="maximum"/>; to <paramref name="maximum"/> itself when <paramref name="exact"/>.</summary>
    public static AxisScale Linear(double maximum, bool exact = false)
    {
        maximum = maximum > 0 && double.IsFinite(maximum) ? maximum : 1;
        var step = StepOf(maximum);
        var count = exact ? Math.Floor((maximum / step) + 1e-9) : Math.Ceiling((maximum / step) - 1e-9);
        return new AxisScale(0, exact ? maximum : count * step, logarithmic: false, [.. Enumerable.Range(0, (int)count + 1).Select(place => place * step)]);
    }

    /// <summary>A scale of whole decades around the values.</summary>
    public static AxisScale Logarithmic(double minimum, double maximum)
    {
        minimum = minimum > 0 && double.IsFinite(minimum) ? minimum : 1;
        maximum = maximum > minimum && double.IsFinite(maximum) ? maximum : minimum * 10;
        var low = (int)Math.Floor(Math.Log10(minimum) + 1e-9);
        var high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(maximum) - 1e-9));
        return new AxisScale(low, high, logarithmic: true, [.. Enumerable.Range(low, high - low + 1).Select(static power => Math.Pow(10, power))]);
    }

    /// <summary>0 at the low end, 1 at the high end; values outside are at the nearer end, and what is no number is at the low one.</summary>
    public double Place(double value)
    {
        var place = _logarithmic ? Math.Log10(Math.Max(value, double.Epsilon)) : value;
        return double.IsNaN(place) ? 0 : Math.Clamp((place - _low) / (_high - _low), 0, 1);
    }

    /// <summary>A tick's label: 0.5, 20, 250k, 10M.</summary>
    public static string Label(double tick) => tick switch
    {
        >= 1e9 => (tick / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (tick / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (tick / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => tick.ToString("#,0.###", CultureInfo.InvariantCulture),
    };

    private static double StepOf(double maximum)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(maximum / MostSteps)));
        return (maximum / MostSteps / power) switch
        {
            <= 1 => power,
            <= 2 => 2 * power,
            <= 5 => 5 * power,
            _ => 10 * power,
        };
    }
}
