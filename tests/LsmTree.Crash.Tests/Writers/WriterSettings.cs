using System.Globalization;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Writers;

/// <summary>How a writing process opens its store.</summary>
/// <param name="Durability">For every transaction.</param>
/// <param name="LogAppend">How the log grows.</param>
/// <param name="Writers">Threads that write, each keys of its own.</param>
internal sealed record WriterSettings(Durability Durability, LogAppend LogAppend, int Writers = 1)
{
    private const int SmallBytes = 64 << 10; // the smallest that the engine takes, so that one round flushes and compacts

    public LsmStoreOptions Options => new() { Durability = Durability, LogAppend = LogAppend, MemtableBytes = SmallBytes, TableBytes = SmallBytes };

    public static WriterSettings Parse(string text)
    {
        var words = text.Split(',');
        return new WriterSettings(Enum.Parse<Durability>(words[0], ignoreCase: true), Enum.Parse<LogAppend>(words[1], ignoreCase: true), int.Parse(words[2], CultureInfo.InvariantCulture));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Durability},{LogAppend},{Writers}").ToLowerInvariant();
}
