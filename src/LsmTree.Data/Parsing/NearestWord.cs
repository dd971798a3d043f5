namespace LsmTree.Data.Parsing;

/// <summary>The word that a misspelt one was probably meant to be.</summary>
internal static class NearestWord
{
    private const int LongestWord = 32;

    /// <summary>The candidate with the fewest changed, added, dropped or swapped letters; null when none is near: at most a third of the letters, and at least one.</summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        if (word.Length > LongestWord)
        {
            return null;
        }

        string? nearest = null;
        var least = Math.Max(1, word.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = candidate.Length > LongestWord ? least : Distance(word.ToUpperInvariant(), candidate.ToUpperInvariant());
            if (distance < least)
            {
                least = distance;
                nearest = candidate;
            }
        }

        // Swapped neighbours count as one change, and two short words share a letter or two by accident.
        return nearest is { Length: > 2 } || least == 0 ? nearest : null;
    }

    /// <summary>The optimal string alignment distance.</summary>
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            rows[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            rows[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var change = left[i - 1] == right[j - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                {
                    best = Math.Min(best, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = best;
            }
        }

        return rows[left.Length, right.Length];
    }
}
