using System.Globalization;

namespace LsmTree.Storage.Files;

/// <summary>The one place where names of store files are built and read. Names only, never paths.</summary>
/// <remarks>
/// A number has at least six digits and no more leading zeros than that takes, so that a number has one name and a name one number:
/// 7 is <c>000007</c>, 1234567 is <c>1234567</c>, and <c>0000007</c> is nobody's.
/// </remarks>
internal static class FileNames
{
    public const string Current = "CURRENT";
    public const string CurrentTemporary = "CURRENT.tmp";
    public const string Lock = "LOCK";
    public const string Options = "OPTIONS";
    public const string OptionsTemporary = "OPTIONS.tmp";
    public const string Restoring = "RESTORING";

    private const string TableSuffix = ".sst";
    private const string LogSuffix = ".log";
    private const string ManifestPrefix = "MANIFEST-";
    private const int MinDigits = 6;

    public static string Table(ulong number) => Digits(number) + TableSuffix;

    public static string Log(ulong number) => Digits(number) + LogSuffix;

    public static string Manifest(ulong number) => ManifestPrefix + Digits(number);

    /// <summary>Reads a name that one of the others built; false for every other. The number is 0 for the kinds without one.</summary>
    public static bool TryParse(string name, out FileKind kind, out ulong number)
    {
        number = 0;
        switch (name)
        {
            case Current:
                kind = FileKind.Current;
                return true;
            case CurrentTemporary:
                kind = FileKind.CurrentTemporary;
                return true;
            case Lock:
                kind = FileKind.Lock;
                return true;
            case Options:
                kind = FileKind.Options;
                return true;
            case OptionsTemporary:
                kind = FileKind.OptionsTemporary;
                return true;
            case Restoring:
                kind = FileKind.Restoring;
                return true;
        }

        if (name.StartsWith(ManifestPrefix, StringComparison.Ordinal))
        {
            kind = FileKind.Manifest;
            return TryParseDigits(name.AsSpan(ManifestPrefix.Length), out number);
        }

        if (name.EndsWith(TableSuffix, StringComparison.Ordinal))
        {
            kind = FileKind.Table;
            return TryParseDigits(name.AsSpan(0, name.Length - TableSuffix.Length), out number);
        }

        kind = FileKind.Log;
        return name.EndsWith(LogSuffix, StringComparison.Ordinal)
            && TryParseDigits(name.AsSpan(0, name.Length - LogSuffix.Length), out number);
    }

    private static string Digits(ulong number) => number.ToString("D6", CultureInfo.InvariantCulture);

    private static bool TryParseDigits(ReadOnlySpan<char> digits, out ulong number)
    {
        number = 0;
        return digits.Length >= MinDigits
            && (digits.Length == MinDigits || digits[0] != '0')
            && ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
