using System.Text;
using LsmTree.Data;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Hostile texts as parameters and as literals: they come back as they went in, and the table is still there with them and nothing else.</summary>
internal sealed class ParameterTarget() : FuzzTarget("parameter", 10)
{
    private const int Texts = 20;

    public override long MostBytes => 64 << 20;

    public override int Execute(ref Dice dice)
    {
        using var connection = new LsmConnection("Data Source=:memory:;Pooling=false;Memtable Size=64KB");
        connection.Open();
        Scalar(connection, "CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT)");
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Texts; i++)
        {
            var (key, value) = (Vocabulary.Hostile(ref dice), Vocabulary.Hostile(ref dice));
            try
            {
                Scalar(connection, "UPSERT INTO t VALUES (@k, @v)", ("k", key), ("v", value));
                rows[key] = value;
            }
            catch (LsmException error) when (error.Code == LsmErrorCode.InvalidConversion && !(IsWellFormed(key) && IsWellFormed(value)))
            {
                continue; // half a surrogate pair has no UTF-8
            }

            Expect(value, Scalar(connection, "SELECT v FROM t WHERE k = @k", ("k", key)));
            Expect(value, Scalar(connection, "SELECT v FROM t WHERE k IN (@a, @k) AND v = @v", ("a", value + "x"), ("k", key), ("v", value)));
            if (!value.Contains('\0', StringComparison.Ordinal))
            {
                Expect(value, Scalar(connection, $"SELECT '{value.Replace("'", "''", StringComparison.Ordinal)}'"));
            }
        }

        Expect((long)rows.Count, Scalar(connection, "SELECT COUNT(*) FROM t"));
        foreach (var (key, value) in rows)
        {
            Expect(value, Scalar(connection, "SELECT v FROM t WHERE k = @k", ("k", key)));
        }

        return Texts;
    }

    private static object? Scalar(LsmConnection connection, string text, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command.ExecuteScalar();
    }

    private static void Expect(object expected, object? actual)
    {
        if (!expected.Equals(actual))
        {
            throw new FuzzException($"'{expected}' went in, '{actual ?? "nothing"}' came out");
        }
    }

    private static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }
}
