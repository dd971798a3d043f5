using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Databases;

/// <summary>Runs a statement through System.Data.Common; the errors are left to the database, which knows its own.</summary>
internal static class Execution
{
    public static Outcome Run(DbConnection connection, Dialect dialect, Statement statement)
    {
        var rendered = RenderedText.Of(statement.Text, dialect);
        using var command = connection.CreateCommand();
        command.CommandText = rendered.Text;
        for (var i = 0; i < rendered.Parameters.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = $"p{i}";
            parameter.Value = rendered.Parameters[i];
            command.Parameters.Add(parameter);
        }

        if (statement.Columns.Count == 0)
        {
            var count = command.ExecuteNonQuery();
            return new Outcome(null, null, statement.Counts ? count : -1, []);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join(" | ", statement.Columns.Select((kind, i) => CanonicalValue.Of(reader.GetValue(i), kind))));
        }

        if (!statement.IsOrdered)
        {
            rows.Sort(StringComparer.Ordinal);
        }

        return new Outcome(null, null, -1, rows);
    }
}
