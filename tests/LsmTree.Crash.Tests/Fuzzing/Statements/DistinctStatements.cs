using System.Globalization;
using LsmTree.Data;
using LsmTree.Data.Parsing;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Ever new texts through one connection: what the plan cache and the parser remember of them has an end.</summary>
internal static class DistinctStatements
{
    // A thousand kept plans would take more; what else runs in the process takes less.
    private const long MostGrowth = 64 << 20;

    public static void Run(int count)
    {
        using var connection = new LsmConnection("Data Source=:memory:;Pooling=false;Memtable Size=64KB");
        connection.Open();
        using var command = connection.CreateCommand();
        long before = 0;
        for (var i = 0; i < count; i++)
        {
            command.CommandText = string.Create(CultureInfo.InvariantCulture, $"SELECT {i} + 1 AS c{i}, 'text {i}' WHERE {i} = @p{i} AND {i} IN (1, 2, {i})");
            command.Parameters.Clear();
            command.Parameters.AddWithValue($"p{i}", i);
            if (!Equals(i + 1, command.ExecuteScalar()))
            {
                throw new FuzzException($"statement {i} gives something else");
            }

            if (i == count / 10)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        if (growth > MostGrowth || PredictionCache.Current.States > PredictionCache.MaxStates)
        {
            throw new FuzzException($"{count} statements leave {growth:N0} bytes and {PredictionCache.Current.States} states of the parser");
        }
    }
}
