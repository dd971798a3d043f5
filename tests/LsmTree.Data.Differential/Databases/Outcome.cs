namespace LsmTree.Data.Differential.Databases;

/// <summary>What a statement did, in a form that two databases can agree on.</summary>
/// <param name="Error">The SQLSTATE, or null when there was no error.</param>
/// <param name="Message">The error in the database's own words: shown, not compared.</param>
/// <param name="Count">The rows changed; -1 when that is not promised.</param>
/// <param name="Rows">The rows as texts, in their order when they have one, else sorted.</param>
internal sealed record Outcome(string? Error, string? Message, int Count, IReadOnlyList<string> Rows)
{
    public static Outcome Failed(string error, string message) => new(error, message, -1, []);

    public bool Agrees(Outcome other) => Error == other.Error && Count == other.Count && Rows.SequenceEqual(other.Rows, StringComparer.Ordinal);

    public override string ToString() => Error is not null ? $"error {Error}: {Message}"
        : Rows.Count == 0 ? $"no rows, {Count} changed"
        : $"{Rows.Count} rows, {Count} changed\n      {string.Join("\n      ", Rows.Take(20))}";
}
