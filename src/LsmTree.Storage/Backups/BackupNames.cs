using System.Buffers;
using System.Globalization;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Backups;

/// <summary>The names of files in a backup directory. Names only, never paths.</summary>
/// <remarks>
/// <code>
///   BACKUP-000003                                          the record of backup 3
///   BACKUP.tmp                                             the next record, before its rename
///   8f3a52c1d09e7b64-000007-5c1b0e9f3a7d2846.sst           table 7 of store 8f3a52c1d09e7b64, whose bytes have this checksum
///   8f3a52c1d09e7b64-000007-5c1b0e9f3a7d2846.sst.tmp       the same while it is being copied
/// </code>
/// <para>A store and its restored copy have one identity and may each write a table 7: the checksum keeps the two apart. Equal names are equal bytes,
/// which is what lets backups share files.</para>
/// </remarks>
internal static class BackupNames
{
    public const string RecordTemporary = "BACKUP.tmp";

    private const string RecordPrefix = "BACKUP-";
    private const string TableSuffix = ".sst";
    private const string TemporarySuffix = ".tmp";
    private const int HexDigits = 16;

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    public static string Record(long id) => RecordPrefix + id.ToString("D6", CultureInfo.InvariantCulture);

    public static string Table(ulong storeId, TableInfo info) =>
        string.Create(CultureInfo.InvariantCulture, $"{storeId:x16}-{info.Number:D6}-{info.Checksum:x16}{TableSuffix}");

    public static string TableTemporary(string table) => table + TemporarySuffix;

    public static bool TryParseRecord(string name, out long id)
    {
        id = 0;
        return name.StartsWith(RecordPrefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(RecordPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out id)
            && name == Record(id);
    }

    /// <summary>Whether a file is a table of a backup, whole or in the making.</summary>
    public static bool IsTable(string name)
    {
        var whole = name.EndsWith(TemporarySuffix, StringComparison.Ordinal) ? name.AsSpan(0, name.Length - TemporarySuffix.Length) : name;
        if (!whole.EndsWith(TableSuffix, StringComparison.Ordinal) || whole.Length < 2 * (HexDigits + 1) + TableSuffix.Length)
        {
            return false;
        }

        var stem = whole[..^TableSuffix.Length];
        return stem[HexDigits] == '-' && stem[^(HexDigits + 1)] == '-'
            && IsHex(stem[..HexDigits]) && IsHex(stem[^HexDigits..])
            && !stem[(HexDigits + 1)..^(HexDigits + 1)].ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(s_hexDigits);
}
