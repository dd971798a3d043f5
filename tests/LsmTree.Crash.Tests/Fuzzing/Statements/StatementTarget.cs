using LsmTree.Data;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Texts that are run, one after another, against a few tables in memory; their rows are read to the end.</summary>
internal sealed class StatementTarget() : FuzzTarget("statement", 5)
{
    private const int Texts = 40;

    private const string Tables =
        "CREATE TABLE t (k INT, n BIGINT, v TEXT, d DECIMAL(10, 2), b BLOB, PRIMARY KEY (k, n));"
        + "INSERT INTO kv VALUES ('a', 'x'), ('b', NULL), ('c', ''); INSERT INTO t VALUES (1, 2, 'x', 1.50, X'00'), (1, 3, NULL, NULL, NULL), (-5, 0, 'y', -0.01, X'FF')";

    public override long MostBytes => 256 << 20;

    public override int Execute(ref Dice dice)
    {
        using var connection = new LsmConnection("Data Source=:memory:;Pooling=false;Memtable Size=64KB;Default Timeout=20");
        connection.Open();
        Run(connection, Tables);
        for (var i = 0; i < Texts; i++)
        {
            var text = Vocabulary.Draw(ref dice);
            if (text.Length == 0 || text.Contains("CHECKPOINT", StringComparison.OrdinalIgnoreCase))
            {
                continue; // no text is an error of the program; the other writes to a directory of this machine
            }

            try
            {
                Run(connection, text);
            }
            catch (LsmException)
            {
                // Told, as the documentation says.
            }
            catch (Exception failure)
            {
                throw new FuzzException($"{text}{Environment.NewLine}{failure}");
            }
        }

        return Texts;
    }

    public static void Run(LsmConnection connection, string text)
    {
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("p", 7);
        command.Parameters.AddWithValue("q", "q");
        command.Parameters.AddWithValue("k", "a");
        using var reader = command.ExecuteReader();
        do
        {
            while (reader.Read())
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    _ = reader.GetValue(i);
                }
            }
        }
        while (reader.NextResult());
    }
}
