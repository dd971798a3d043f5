using System.Globalization;
using LsmTree.Data;
using LsmTree.Data.Parsing;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Ever new texts, most of one shape and some of every shape: what the plan cache and the parser remember of them has an end.</summary>
internal static class DistinctStatements
{
    // What else runs in the process, and how far the caches fill up in the second half, takes less.
    private const long MostGrowth = 32 << 20;

    // What others in the process keep meanwhile is counted, too, and does not come three times.
    private const int Attempts = 3;

    private const int DrawnEvery = 10;
    private const int DrawnToAConnection = 500; // what they write goes with it

    public static void Run(int count, Action<int> onProgress)
    {
        var growth = Enumerable.Range(0, Attempts).Select(_ => GrowthOf(count, onProgress)).FirstOrDefault(static growth => growth <= MostGrowth, long.MaxValue);
        if (growth > MostGrowth || PredictionCache.Current.States > PredictionCache.MaxStates)
        {
            throw new FuzzException($"the second half of {count} statements leaves more than {MostGrowth:N0} bytes, or {PredictionCache.Current.States} states of the parser");
        }
    }

    /// <summary>What the second half of so many statements leaves, in bytes.</summary>
    private static long GrowthOf(int count, Action<int> onProgress)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        long before = 0;
        for (var i = 0; i < count;)
        {
            var end = Math.Min(count, i + (DrawnEvery * DrawnToAConnection));
            using var other = Open();
            onProgress(i);
            for (; i < end; i++)
            {
                if (i % DrawnEvery == 0)
                {
                    RunDrawn(other, (ulong)i);
                }

                command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {i} + 1 AS c{i}, 'text {i}' WHERE {i} = @p{i} AND {i} IN (1, 2, {i})");
                command.Parameters.Clear();
                command.Parameters.AddWithValue($"p{i}", i);
                if (!Equals(i + 1, command.ExecuteScalar()))
                {
                    throw new FuzzException($"statement {i} gives something else");
                }

                if (i == count / 2)
                {
                    before = GC.GetTotalMemory(forceFullCollection: true);
                }
            }
        }

        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private static LsmConnection Open()
    {
        var connection = new LsmConnection("Data Source=:memory:;Pooling=false;Memtable Size=64KB;Default Timeout=20");
        connection.Open();
        return connection;
    }

    private static void RunDrawn(LsmConnection connection, ulong seed)
    {
        var dice = new Dice(seed);
        var text = Vocabulary.Draw(ref dice);
        if (text.Length == 0 || text.Contains("CHECKPOINT", StringComparison.OrdinalIgnoreCase))
        {
            return; // as in StatementTarget
        }

        try
        {
            StatementTarget.Run(connection, text);
        }
        catch (LsmException)
        {
            // Told, as the documentation says.
        }
    }
}
