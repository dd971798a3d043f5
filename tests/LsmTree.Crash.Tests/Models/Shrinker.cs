using System.Diagnostics;

namespace LsmTree.Crash.Tests.Models;

/// <summary>Makes a failing history short: steps that can be left out without mending it are left out.</summary>
internal static class Shrinker
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns the places of the steps that are enough to fail.</summary>
    /// <param name="length">The steps, up to the one that failed.</param>
    /// <param name="fails">Whether a history of these steps fails.</param>
    public static List<int> Shrink(int length, Func<IReadOnlyList<int>, bool> fails)
    {
        var clock = Stopwatch.StartNew();
        var kept = Enumerable.Range(0, length).ToList();
        for (var chunk = Math.Max(1, kept.Count / 2); chunk > 0; chunk = chunk == 1 ? 0 : Math.Max(1, chunk / 2))
        {
            for (var at = 0; at < kept.Count && clock.Elapsed < s_patience;)
            {
                var fewer = new List<int>(kept);
                fewer.RemoveRange(at, Math.Min(chunk, kept.Count - at));
                if (fewer.Count > 0 && fails(fewer))
                {
                    kept = fewer;
                }
                else
                {
                    at += chunk;
                }
            }
        }

        return kept;
    }
}
