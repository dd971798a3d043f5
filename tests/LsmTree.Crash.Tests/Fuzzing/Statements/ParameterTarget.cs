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

        Others(connection, ref dice);
        Expect((long)rows.Count, Scalar(connection, "SELECT COUNT(*) FROM t"));
        foreach (var (key, value) in rows)
        {
            Expect(value, Scalar(connection, "SELECT v FROM t WHERE k = @k", ("k", key)));
        }

        return Texts;
    }

    /// <summary>Values of the other types, each under a hostile text as the name of its column: one statement runs, and changes one row.</summary>
    private static void Others(LsmConnection connection, ref Dice dice)
    {
        object[] values =
        [
            (long)dice.Next(), (int)dice.Next(), new decimal((int)dice.Next(), (int)dice.Next(), 0, dice.Once(2), (byte)dice.Below(6)), BitConverter.GetBytes(dice.Next()), dice.Once(2),
            new Guid((int)dice.Next(), 1, 2, BitConverter.GetBytes(dice.Next())), DateTime.UnixEpoch.AddTicks((long)(dice.Next() >> 8) / 10 * 10), DateOnly.FromDayNumber(dice.Below(3_000_000)),
        ];
        foreach (var value in values)
        {
            var name = Vocabulary.Hostile(ref dice).Replace("\"", "\"\"", StringComparison.Ordinal);
            if (name.Contains('\0', StringComparison.Ordinal) || !IsWellFormed(name))
            {
                continue;
            }

            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT @v AS \"{name}\"";
            command.Parameters.AddWithValue("v", value);
            try
            {
                using var reader = command.ExecuteReader();
                Assert.True(reader.Read());
                Assert.Equal(1, reader.FieldCount);
                Assert.Equal(name.Replace("\"\"", "\"", StringComparison.Ordinal), reader.GetName(0));
                Assert.Equal(value, value is DateOnly ? reader.GetFieldValue<DateOnly>(0) : reader.GetValue(0));
                Assert.False(reader.Read());
                Assert.False(reader.NextResult(), $"a second statement ran behind {name}");
            }
            catch (LsmException error) when (error.Code is LsmErrorCode.Syntax or LsmErrorCode.LimitExceeded)
            {
                // A name that no column may have.
            }
        }
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

    public static bool IsWellFormed(string text)
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
