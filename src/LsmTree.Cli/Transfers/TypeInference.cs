using System.Globalization;
using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Transfers;

/// <summary>Guesses column types from the first lines of a file: BIGINT, DOUBLE or TEXT, and TEXT when in doubt.</summary>
/// <remarks>
/// A number counts as one only when it would be written back as it stands, so that <c>007</c> and <c>1e3</c> stay text. A guess from a sample can be
/// wrong: a later line that does not fit is rejected and reported, never bent.
/// </remarks>
internal static class TypeInference
{
    /// <summary>Lines that are looked at.</summary>
    public const int SampleLines = 10_000;

    public static string[] Infer(string path)
    {
        using var reader = TsvReader.Open(path);
        var columns = reader.ReadHeader().Length;
        var isInteger = Enumerable.Repeat(true, columns).ToArray();
        var isNumber = Enumerable.Repeat(true, columns).ToArray();
        var hasValue = new bool[columns];
        for (var line = 0; line < SampleLines && reader.ReadLine(); line++)
        {
            if (!reader.TrySplit(out var fields) || fields.Length != columns)
            {
                continue;
            }

            for (var i = 0; i < columns; i++)
            {
                if (fields[i] == TsvField.Null)
                {
                    continue;
                }

                hasValue[i] = true;
                isInteger[i] &= IsInteger(fields[i]);
                isNumber[i] &= isInteger[i] || IsNumber(fields[i]);
            }
        }

        return [.. Enumerable.Range(0, columns).Select(i => !hasValue[i] ? "TEXT" : isInteger[i] ? "BIGINT" : isNumber[i] ? "DOUBLE" : "TEXT")];
    }

    private static bool IsInteger(string field) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value.ToString(CultureInfo.InvariantCulture) == field;

    private static bool IsNumber(string field) =>
        double.TryParse(field, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value.ToString("R", CultureInfo.InvariantCulture) is var written && (written == field || IsInteger(field));
}
