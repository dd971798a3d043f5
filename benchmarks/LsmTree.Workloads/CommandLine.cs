using System.CommandLine;
using LsmTree.Storage;
using LsmTree.Workloads.Commands;

namespace LsmTree.Workloads;

/// <summary>From arguments to an exit status: 0 done, 1 something failed, 2 the arguments make no sense.</summary>
internal static class CommandLine
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Usage = 2;

    public static int Run(string[] args, TextWriter output, TextWriter error, TimeProvider time)
    {
        var root = RunCommand.Create(output, time);
        root.Subcommands.Add(ListCommand.Create(output));
        root.Subcommands.Add(SeedCommand.Create(output));
        root.Subcommands.Add(ScaleCommand.Create(output, time));
        root.Subcommands.Add(SpaceCommand.Create(output));
        root.Subcommands.Add(PlotCommand.Create(output));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
            {
                error.WriteLine($"error: {problem.Message}");
            }

            error.WriteLine("Run with --help for the options.");
            return Usage;
        }

        try
        {
            parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            return Success;
        }
        catch (Exception problem) when (Reason(problem) is { } reason)
        {
            error.WriteLine($"error: {reason}");
            return Failure;
        }
    }

    /// <summary>What to tell of an error that is the store's, the disk's or a file's; null for a bug of this tool, which shall show where it is.</summary>
    private static string? Reason(Exception problem) => problem switch
    {
        AggregateException { InnerException: { } inner } => Reason(inner),
        StoreException or IOException or InvalidDataException or UnauthorizedAccessException => problem.Message,
        _ => null,
    };
}
