namespace LsmTree.Crash.Tests.Schedules;

/// <summary>What the store must hold: the commits so far, one after another, and which keys each of them wrote.</summary>
internal sealed class CommittedState
{
    private readonly List<HashSet<string>> _commits = [];

    public SortedDictionary<string, string> Rows { get; } = new(StringComparer.Ordinal);

    /// <summary>How many commits there were.</summary>
    public int Moment => _commits.Count;

    /// <summary>The rows as they are now, which later commits leave alone.</summary>
    public SortedDictionary<string, string> Copy() => new(Rows, StringComparer.Ordinal);

    public void Apply(IReadOnlyDictionary<string, string> writes)
    {
        foreach (var (key, value) in writes)
        {
            Rows[key] = value;
        }

        _commits.Add([.. writes.Keys]);
    }

    /// <summary>Whether a commit after <paramref name="moment"/> wrote one of the keys.</summary>
    public bool HasWrittenSince(int moment, IEnumerable<string> keys) => keys.Any(key => _commits.Skip(moment).Any(written => written.Contains(key)));
}
