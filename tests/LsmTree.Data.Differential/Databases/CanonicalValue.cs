using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Databases;

/// <summary>A value of a result as a text that is the same for equal values, whatever types a database gives them.</summary>
internal static class CanonicalValue
{
    public static string Of(object value, Kind kind) => value is DBNull ? "NULL" : kind switch
    {
        Kind.SmallInt or Kind.Integer or Kind.BigInt => Convert.ToDecimal(value, CultureInfo.InvariantCulture).ToString("0.###", CultureInfo.InvariantCulture),
        Kind.Decimal or Kind.Double => Number(value),
        Kind.Boolean => Convert.ToBoolean(value, CultureInfo.InvariantCulture) ? "true" : "false",
        Kind.Blob => "x" + Convert.ToHexString((byte[])value),
        Kind.Text => $"'{value}'",
        _ => Moment(value, kind),
    };

    /// <summary>Twelve digits: averages have no last digit that all agree on.</summary>
    private static string Number(object value)
    {
        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return (number == 0 ? 0 : number).ToString("G12", CultureInfo.InvariantCulture);
    }

    private static string Moment(object value, Kind kind) => value switch
    {
        DateTime moment => moment.ToString(kind == Kind.Date ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
