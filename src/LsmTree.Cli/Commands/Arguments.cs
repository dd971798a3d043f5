using System.CommandLine;
using LsmTree.Cli.Results;

namespace LsmTree.Cli.Commands;

/// <summary>The arguments and options that several commands share, worded once.</summary>
internal static class Arguments
{
    public static Argument<string> Directory() => new("directory") { Description = "The directory of the store." };

    public static Argument<string> Table() => new("table") { Description = "The name of the table." };

    public static Option<OutputFormat> Format()
    {
        var option = new Option<OutputFormat>("--format", "-f")
        {
            Description = "How rows are written. A table is for people; the others are data, with a header where they have one.",
            DefaultValueFactory = static _ => OutputFormat.Table,
        };
        option.AcceptOnlyFromAmong("table", "tsv", "csv", "json");
        return option;
    }

    public static Option<string?> Synchronous()
    {
        var option = new Option<string?>("--synchronous")
        {
            Description = "What a commit waits for: full (fsync, the default), normal (the operating system) or off (no log).",
        };
        option.AcceptOnlyFromAmong("full", "normal", "off");
        return option;
    }

    public static Option<string?> Options() => new("--options")
    {
        Description = "More settings of the engine, as in a connection string, such as \"Memtable Size=64MB;Compression=Brotli\".",
    };
}
