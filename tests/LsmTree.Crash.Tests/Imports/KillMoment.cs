using System.Diagnostics;
using System.Globalization;
using LsmTree.Crash.Tests.Children;

namespace LsmTree.Crash.Tests.Imports;

/// <summary>When a process is killed: some time after its start, or some time after it has acknowledged so many transactions.</summary>
/// <param name="Transactions">Acknowledged transactions to wait for; 0 counts from the start of the process.</param>
/// <param name="Delay">How long to wait after that.</param>
internal sealed record KillMoment(int Transactions, TimeSpan Delay)
{
    /// <summary>While the process starts, opens the store, recovers or begins to write. <paramref name="opening"/> is how long that takes here.</summary>
    public static KillMoment WhileOpening(Random random, TimeSpan opening) => new(0, random.NextDouble() * opening);

    /// <summary>While the process logs, flushes and compacts.</summary>
    public static KillMoment WhileWriting(Random random, int transactions) =>
        new(1 + random.Next(Math.Max(1, transactions * 3 / 4)), TimeSpan.FromMilliseconds(random.NextDouble() * 6));

    /// <summary>Waits for the moment, or for the end of the process.</summary>
    public void Await(LsmTreeProcess process, Acknowledgements acknowledgements)
    {
        while (acknowledgements.Count() < Transactions && !process.HasExited)
        {
            Thread.Sleep(1);
        }

        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Delay && !process.HasExited)
        {
            Thread.Sleep(Delay - Stopwatch.GetElapsedTime(start) > TimeSpan.FromMilliseconds(3) ? 1 : 0);
        }
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Delay.TotalMilliseconds:0.0} ms after {(Transactions == 0 ? "the start" : $"{Transactions} transactions")}");
}
