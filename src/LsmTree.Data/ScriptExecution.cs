using System.Data;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>Executes the statements of a script one after another, and gathers what they give.</summary>
internal static class ScriptExecution
{
    /// <summary>Dapper sends a text without white space as StoredProcedure; these are the statements of one word.</summary>
    private static readonly string[] s_oneWordStatements = ["BEGIN", "COMMIT", "END", "ROLLBACK", "FLUSH", "COMPACT", "VERIFY"];

    /// <exception cref="NotSupportedException">A stored procedure is called.</exception>
    public static void CheckType(CommandType type, string text)
    {
        if (type == CommandType.StoredProcedure && !s_oneWordStatements.Contains(text.Trim(' ', ';'), StringComparer.OrdinalIgnoreCase))
        {
            throw new NotSupportedException($"There are no stored procedures to call, such as '{text}'. For a statement leave CommandType at Text; a text without white space is sent as StoredProcedure by Dapper, so end it with ';' or pass commandType.");
        }
    }

    public static int NonQuery(LsmConnection connection, PreparedScript script, CommandRun run)
    {
        var session = connection.OpenSession();
        var affected = -1;
        for (var statement = 0; statement < script.Count; statement++)
        {
            run.TurnTo(script, statement);
            var result = session.Execute(script, statement, run.Parameters, run.Limits);
            result.Rows?.Dispose();
            affected = Sum(affected, result.RecordsAffected);
        }

        return affected;
    }

    public static async ValueTask<int> NonQueryAsync(LsmConnection connection, PreparedScript script, CommandRun run)
    {
        var affected = -1;
        for (var statement = 0; statement < script.Count; statement++)
        {
            var result = await ExecuteAsync(connection, script, statement, run, run.Parameters).ConfigureAwait(false);
            result.Rows?.Dispose();
            affected = Sum(affected, result.RecordsAffected);
        }

        return affected;
    }

    public static object? Scalar(LsmConnection connection, PreparedScript script, CommandRun run)
    {
        var session = connection.OpenSession();
        object? scalar = null;
        var found = false;
        for (var statement = 0; statement < script.Count; statement++)
        {
            run.TurnTo(script, statement);
            if (!found && script.GivesRows(statement))
            {
                found = true;
                scalar = session.TryExecuteScalar(script, statement, run.Parameters, run.Limits, out var value) ? Conversion.ToClr(value) : null;
            }
            else
            {
                session.Execute(script, statement, run.Parameters, run.Limits).Rows?.Dispose();
            }
        }

        return scalar;
    }

    public static async ValueTask<object?> ScalarAsync(LsmConnection connection, PreparedScript script, CommandRun run)
    {
        object? scalar = null;
        var found = false;
        for (var statement = 0; statement < script.Count; statement++)
        {
            var result = await ExecuteAsync(connection, script, statement, run, run.Parameters).ConfigureAwait(false);
            if (result.Rows is not { } rows)
            {
                continue;
            }

            using (rows)
            {
                if (!found && rows.Read())
                {
                    rows.GetValue(0, out var value);
                    scalar = Conversion.ToClr(value);
                }

                found = true;
            }
        }

        return scalar;
    }

    public static void Read(LsmConnection connection, PreparedScript script, CommandRun run, ResultCursor results)
    {
        var session = connection.OpenSession();
        for (var statement = 0; statement < script.Count; statement++)
        {
            run.TurnTo(script, statement);
            var result = results.IsSchemaOnly
                ? session.Describe(script, statement, run.Parameters)
                : session.Execute(script, statement, run.Parameters, run.Limits);
            results.Add(result, script, statement);
        }
    }

    public static async ValueTask ReadAsync(LsmConnection connection, PreparedScript script, CommandRun run, ResultCursor results)
    {
        for (var statement = 0; statement < script.Count; statement++)
        {
            var result = results.IsSchemaOnly
                ? connection.OpenSession().Describe(script, statement, run.Parameters)
                : await ExecuteAsync(connection, script, statement, run, run.Parameters).ConfigureAwait(false);
            results.Add(result, script, statement);
        }
    }

    /// <summary>Executes one statement; while it waits, statements started after it wait for their turn.</summary>
    public static ValueTask<StatementResult> ExecuteAsync(LsmConnection connection, PreparedScript script, int statement, CommandRun run, ParameterSet parameters)
    {
        run.TurnTo(script, statement);
        var execution = connection.OpenSession().ExecuteAsync(script, statement, parameters, run.Limits);
        if (!execution.IsCompleted)
        {
            connection.Gate.HoldTurn(run);
        }

        return execution;
    }

    /// <summary>Adds a statement's count to a total; -1 is "counts nothing".</summary>
    public static int Sum(int total, int more) => more < 0 ? total : Math.Max(total, 0) + more;
}
