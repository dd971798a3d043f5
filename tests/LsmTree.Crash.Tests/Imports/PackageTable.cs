using System.Globalization;
using LsmTree.Data;

namespace LsmTree.Crash.Tests.Imports;

/// <summary>The table that is imported into, read by the provider in this process.</summary>
internal static class PackageTable
{
    public const string Name = "packages";

    /// <summary>Every row by its key, the fields as the file spells them; none when there is no store or no table yet.</summary>
    public static Dictionary<string, string[]> Read(string directory, string[] header, string more)
    {
        using var connection = Connect(directory, more);
        using var select = connection.CreateCommand();
        select.CommandText = $"SELECT {string.Join(", ", header)} FROM {Name} ORDER BY {header[0]}";
        var rows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        try
        {
            connection.Open();
            using var reader = select.ExecuteReader();
            while (reader.Read())
            {
                var fields = new string[header.Length];
                for (var i = 0; i < fields.Length; i++)
                {
                    fields[i] = Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)!;
                }

                rows.Add(fields[0], fields);
            }
        }
        catch (LsmException error) when (error.Code is LsmErrorCode.UndefinedTable or LsmErrorCode.NotAStore)
        {
            // The process was killed before it had made the store or the table: whoever expects rows will miss them.
        }

        return rows;
    }

    /// <summary>What VERIFY finds damaged.</summary>
    public static List<string> Verify(string directory)
    {
        using var connection = Connect(directory, "Mode=ReadWrite");
        connection.Open();
        using var verify = connection.CreateCommand();
        verify.CommandText = "VERIFY";
        using var reader = verify.ExecuteReader();
        var problems = new List<string>();
        while (reader.Read())
        {
            problems.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return problems;
    }

    public static void Execute(string directory, string text)
    {
        using var connection = Connect(directory, "Mode=ReadWrite");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    /// <summary>Tables at each level, for the record of what the kills met.</summary>
    public static string Levels(string directory)
    {
        using var connection = Connect(directory, "Mode=ReadOnly");
        connection.Open();
        return string.Join(" ", connection.Store.GetLevels().Where(static level => level.Tables > 0).Select(static level => $"L{level.Level}:{level.Tables}"));
    }

    private static LsmConnection Connect(string directory, string more) => new($"Data Source={directory};Pooling=false;{more}");
}
