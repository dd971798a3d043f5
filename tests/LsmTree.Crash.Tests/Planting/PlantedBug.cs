namespace LsmTree.Crash.Tests.Planting;

/// <summary>One small fault of a kind that engines have shipped, and the test that must notice it.</summary>
/// <remarks>
/// <see cref="Old"/> is an expression or whole statements, and <see cref="New"/> is as well: the fault is one in place of the other. Where that does not do,
/// <see cref="New"/> is the text as it will stand, with <see cref="Flag"/> where the fault makes the difference.
/// </remarks>
/// <param name="Name">The word for <c>--scoreboard --only</c>.</param>
/// <param name="Breaks">What goes wrong with it, in one sentence.</param>
/// <param name="File">Where, below the folder of the sources.</param>
/// <param name="Old">What stands there once.</param>
/// <param name="New">What is to stand in its place.</param>
/// <param name="Test">The full name of the test.</param>
internal sealed record PlantedBug(string Name, string Breaks, string File, string Old, string New, string Test)
{
    public const string Flag = "PLANTED";

    private const string ProjectEnd = ".Tests.";

    /// <summary>The assembly that the fault is compiled into.</summary>
    public string Assembly => File[..File.IndexOf('/')];

    /// <summary>The project that the test belongs to.</summary>
    public string TestProject => Test[..(Test.IndexOf(ProjectEnd, StringComparison.Ordinal) + ProjectEnd.Length - 1)];

    private bool IsStatement => Old.TrimEnd() is [.., ';' or '}'];

    /// <summary>The source with the fault in it, which <paramref name="flag"/> switches on.</summary>
    public string Plant(string source, string flag) => source.Replace(Old, Switched(flag), StringComparison.Ordinal);

    private string Switched(string flag) =>
        New.Contains(Flag, StringComparison.Ordinal) ? New.Replace(Flag, flag, StringComparison.Ordinal)
        : IsStatement ? $"if ({flag})\n{{\n{New}\n}}\nelse\n{{\n{Old}\n}}\n"
        : $"({flag} ? {New} : {Old})";
}
