using System.Data.Common;
using System.Globalization;
using LsmTree.Cli.Results;
using LsmTree.Cli.Terminals;

namespace LsmTree.Cli.Statements;

/// <summary>Runs one statement and writes what it gives. Ctrl-C cancels the statement.</summary>
internal sealed class StatementRunner(DbConnection connection, Terminal terminal, IResultWriter writer)
{
    /// <summary>True when a line with the elapsed time follows each statement.</summary>
    public bool Timing { get; init; }

    public void Run(string text, params (string Name, object? Value)[] parameters)
    {
        var started = terminal.Time.GetTimestamp();
        terminal.Cancel.Run(cancellation =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = text;
            command.CommandTimeout = 0;
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                parameter.ParameterName = name;
                parameter.Value = value ?? DBNull.Value;
                command.Parameters.Add(parameter);
            }

            using var registration = cancellation.Register(command.Cancel);
            using var reader = command.ExecuteReader();
            Write(reader);
        });

        if (Timing)
        {
            var elapsed = terminal.Time.GetElapsedTime(started);
            writer.Note(string.Create(CultureInfo.InvariantCulture, $"time: {elapsed.TotalMilliseconds:N1} ms"));
        }
    }

    private void Write(DbDataReader reader)
    {
        var hasRows = false;
        do
        {
            if (reader.FieldCount == 0)
            {
                continue;
            }

            hasRows = true;
            writer.Begin([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)]);
            var values = new object?[reader.FieldCount];
            while (reader.Read())
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
                }

                writer.Row(values);
            }

            writer.End();
        }
        while (reader.NextResult());

        if (!hasRows)
        {
            writer.Note(reader.RecordsAffected switch
            {
                < 0 => "ok",
                1 => "1 row affected",
                var count => string.Create(CultureInfo.InvariantCulture, $"{count:N0} rows affected"),
            });
        }
    }
}
