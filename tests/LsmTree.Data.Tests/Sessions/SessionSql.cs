using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Sessions;

/// <summary>Short ways to run SQL on a session.</summary>
internal static class SessionSql
{
    public static int Run(this Session session, string text, params (string Name, SqlValue Value)[] parameters)
    {
        var set = new ParameterSet();
        foreach (var (name, value) in parameters)
        {
            set.Add(name, value);
        }

        var script = session.Prepare(text);
        var affected = -1;
        for (var i = 0; i < script.Count; i++)
        {
            var result = session.Execute(script, i, set, default);
            result.Rows?.Dispose();
            affected = result.RecordsAffected;
        }

        return affected;
    }

    public static long Long(this Session session, string text)
    {
        Assert.True(session.TryExecuteScalar(session.Prepare(text), 0, ParameterSet.Empty, default, out var value));
        return value.AsInt64();
    }

    public static string? Text(this Session session, string text) =>
        session.TryExecuteScalar(session.Prepare(text), 0, ParameterSet.Empty, default, out var value) && !value.IsNull ? value.AsString() : null;
}
