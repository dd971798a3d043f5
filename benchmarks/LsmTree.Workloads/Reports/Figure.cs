using System.Globalization;

namespace LsmTree.Workloads.Reports;

/// <summary>Numbers as a table shows them: three or four digits that mean something.</summary>
internal static class Figure
{
    private const double Mebi = 1 << 20;

    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "N1" : "N0", CultureInfo.InvariantCulture);

    public static string Microseconds(double microseconds) => microseconds.ToString(microseconds < 10 ? "N2" : microseconds < 1_000 ? "N1" : "N0", CultureInfo.InvariantCulture);

    public static string Mebibytes(long bytes) => (bytes / Mebi).ToString("N1", CultureInfo.InvariantCulture);

    public static string Ratio(double? ratio) => ratio is { } known ? known.ToString("N2", CultureInfo.InvariantCulture) : "-";

    public static string Bytes(double bytes) => bytes.ToString(bytes < 10 ? "N1" : "N0", CultureInfo.InvariantCulture);
}
