using System.Text;
using LsmTree.Data;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Texts that nest deeply and go on for long, run on a thread with a stack of 1 MiB, as Windows gives to each.</summary>
internal sealed class NestingTarget() : FuzzTarget("nesting", 3)
{
    private const int StackBytes = 1 << 20;

    private static readonly (string Before, string Middle, string After)[] s_shapes =
    [
        ("(", "1", ")"), ("NOT ", "TRUE", ""), ("- ", "1", ""), ("CASE WHEN TRUE THEN ", "1", " END"), ("CASE ", "1", " WHEN 1 THEN 1 END"), ("CAST(", "1", " AS TEXT)"),
        ("LOWER(", "'a'", ")"), ("COALESCE(1, ", "1", ")"), ("1 + ", "1", ""), ("1 = 1 AND ", "TRUE", ""), ("1 = 2 OR ", "TRUE", ""), ("'a' || ", "'b'", ""), ("1 IN (", "1", ")"),
        ("(1, ", "1", ")"), ("EXISTS (SELECT ", "1", ")"), ("(SELECT ", "1", ")"), ("1, ", "1", ""), ("/*", "*/ 1", "*/"), ("", "1", " IS NULL"), ("", "1", " BETWEEN 0 AND 2"),
        ("[", "a", "]"), ("1 UNION ALL SELECT ", "1", ""), ("1; SELECT ", "1", ""), ("((", "1", ")"), ("NOT (", "TRUE", ")"), ("1 - (", "1", ")"), ("\"", "a", "\""), ("?, ", "?", ""),
    ];

    public override bool CanEndProcess => true;

    public override int Execute(ref Dice dice)
    {
        var shape = s_shapes[dice.Below(s_shapes.Length)];
        var other = s_shapes[dice.Below(s_shapes.Length)];
        var depth = dice.Once(30) ? 100_000 : 1 + (dice.Below(100) << dice.Below(8));
        var text = new StringBuilder("SELECT ");
        var isMixed = dice.Once(2);
        for (var i = 0; i < depth; i++)
        {
            text.Append(isMixed && i % 2 == 1 ? other.Before : shape.Before);
        }

        text.Append(shape.Middle);
        for (var i = dice.Once(8) ? 1 : 0; i < depth; i++)
        {
            text.Append(isMixed && i % 2 == depth % 2 ? other.After : shape.After);
        }

        Exception? failure = null;
        var thread = new Thread(() => failure = Run(text.ToString()), StackBytes);
        thread.Start();
        thread.Join();
        return failure is null ? 1 : throw new FuzzException($"{depth} times {shape} and {other}: {failure}");
    }

    private static Exception? Run(string text)
    {
        try
        {
            using var connection = new LsmConnection("Data Source=:memory:;Pooling=false;Memtable Size=64KB;Default Timeout=60");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = text;
            command.Parameters.Add(new LsmParameter { Value = 1 });
            command.ExecuteScalar();
        }
        catch (LsmException)
        {
            // Told, as the documentation says.
        }
        catch (Exception failure)
        {
            return failure;
        }

        return null;
    }
}
