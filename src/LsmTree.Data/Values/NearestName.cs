namespace LsmTree.Data.Values;

/// <summary>The name that a misspelt one was probably meant to be, for error messages.</summary>
internal static class NearestName
{
    private const int LongestName = 64; // UTF-16 units; longer ones are not compared, so that an error stays cheap

    /// <summary>
    /// The candidate with the fewest letters changed, added, dropped or swapped with their neighbour, whatever the case; null when none is near.
    /// Near is at most a third of the name's letters, and at least one.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        var folded = name.ToUpperInvariant();
        var allowed = Math.Max(1, name.Length / 3);
        string? nearest = null;
        foreach (var candidate in candidates)
        {
            if (candidate.Length > LongestName || Math.Abs(candidate.Length - name.Length) > allowed)
            {
                continue;
            }

            // One letter of a name of one or two is half of it: that is another name, not a slip.
            var distance = Distance(folded, candidate.ToUpperInvariant());
            if (distance <= allowed && distance < Math.Max(name.Length, candidate.Length) - 1)
            {
                nearest = candidate;
                allowed = distance - 1;
            }
        }

        return nearest;
    }

    /// <summary>The optimal string alignment distance, in three rolling rows.</summary>
    private static int Distance(string left, string right)
    {
        Span<int> beforeLast = stackalloc int[LongestName + 1];
        Span<int> last = stackalloc int[LongestName + 1];
        Span<int> current = stackalloc int[LongestName + 1];
        for (var column = 0; column <= right.Length; column++)
        {
            last[column] = column;
        }

        for (var row = 1; row <= left.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= right.Length; column++)
            {
                var change = left[row - 1] == right[column - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(last[column], current[column - 1]) + 1, last[column - 1] + change);
                if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
                {
                    best = Math.Min(best, beforeLast[column - 2] + 1);
                }

                current[column] = best;
            }

            var reused = beforeLast;
            beforeLast = last;
            last = current;
            current = reused;
        }

        return last[right.Length];
    }
}
