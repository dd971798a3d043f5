using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Shells;

/// <summary>A line of the shell that begins with a dot.</summary>
/// <param name="Name">The word after the dot, in lower case.</param>
/// <param name="Arguments">The other words, without their quotes.</param>
internal sealed record DotCommand(string Name, IReadOnlyList<string> Arguments)
{
    public static bool IsDotCommand(string line) => line.TrimStart().StartsWith('.');

    public static DotCommand Parse(string line)
    {
        var words = WordSplitter.Split(line.TrimEnd().TrimEnd(';'));
        return new DotCommand(words[0][1..].ToLowerInvariant(), [.. words.Skip(1)]);
    }

    /// <exception cref="ArgumentException">There are fewer or more arguments; the message shows the usage.</exception>
    public void Expect(int least, int most, string usage)
    {
        if (Arguments.Count < least || Arguments.Count > most)
        {
            throw new ArgumentException($"usage: {usage}");
        }
    }
}
