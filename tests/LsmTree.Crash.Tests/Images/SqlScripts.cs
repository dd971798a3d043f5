using System.Globalization;

namespace LsmTree.Crash.Tests.Images;

/// <summary>The words of which workloads of statements are made, and some workloads.</summary>
/// <remarks>
/// <code>
/// c1  create table t1         d1  drop it            t1  truncate it        i1  insert four rows
/// u1  update all rows         x1  delete some        p1  upsert one row     P1  upsert three of 8,000 characters
/// m12 a transaction over t1 and t2                   n12 one that makes t1 anew, with other columns, and empties t2
/// r1  one that drops t1 and makes it anew, rolled back
/// F   flush   C  compact      S  background step     R   close and reopen   K  kill and reopen
/// </code>
/// </remarks>
internal static class SqlScripts
{
    /// <summary>Values of <c>Synchronous</c>.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["Full", "Normal"];

    public static IReadOnlyList<string> Written { get; } =
    [
        "c1 i1 d1 c1 i1", // the rows of the first are not those of the second
        "c1 i1 c2 m12 m12 t1", "c1 i1 F d1 F C", "c1 c2 i1 i2 n12 m12", "c1 i1 r1 u1 d1",
        "c1 P1 P1 P1 P1 S S d1 C", // rows in several tables, and in a log, of a table that is dropped
        "c1 i1 R c2 i2 K m12 d1 R", "c1 i1 F i1 t1 p1 F C x1", "c1 c2 n12 n12 n12 F n12 C", "c1 P1 t1 P1 t1 P1 t1 S S", "c1 i1 K d1 K c1 K p1 K", "c1 i1 u1 x1 C i1 u1 F d1 c1 p1",
    ];

    /// <summary>The statements of a word that commits.</summary>
    public static string Text(string word, int commit)
    {
        var first = $"t{word[1]}";
        var second = $"t{word[^1]}";
        var text = word[0] switch
        {
            'c' => $"CREATE TABLE {first} (k INTEGER PRIMARY KEY, v TEXT)",
            'd' => $"DROP TABLE {first}",
            't' => $"TRUNCATE {first}",
            'i' => $"INSERT INTO {first} (k, v) VALUES (#0, 'a#'), (#1, 'b#'), (#2, 'c#'), (-#, 'd#')",
            'u' => $"UPDATE {first} SET v = v || '+#'",
            'x' => $"DELETE FROM {first} WHERE k % 2 = 0",
            'p' => $"UPSERT INTO {first} (k, v) VALUES (1, 'p#')",
            'P' => $"UPSERT INTO {first} (k, v) VALUES (1, '{new string('x', 8_000)}#'), (2, '{new string('y', 8_000)}#'), (3, '{new string('z', 8_000)}#')",
            'm' => $"BEGIN; UPSERT INTO {first} (k, v) VALUES (7, 'm#'); DELETE FROM {second} WHERE k < #; INSERT INTO {second} (k, v) VALUES (#5, 'm#'); UPDATE {first} SET v = 'n#' WHERE k = 1; COMMIT",
            'n' => $"BEGIN; DROP TABLE {first}; CREATE TABLE {first} (w DECIMAL(10, 2), k BIGINT, v TEXT NOT NULL, PRIMARY KEY (k)); INSERT INTO {first} (k, v, w) VALUES (#, 'n#', #.5); TRUNCATE {second}; INSERT INTO {second} (k, v) VALUES (#, 'n#'); COMMIT",
            _ => throw new ArgumentException($"{word} is no word of a script."),
        };
        return text.Replace("#", commit.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
