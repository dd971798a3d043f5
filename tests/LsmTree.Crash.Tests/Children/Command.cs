using System.ComponentModel;
using System.Diagnostics;

namespace LsmTree.Crash.Tests.Children;

/// <summary>A command that is run to its end.</summary>
internal static class Command
{
    private const int NotStarted = 127; // as a shell says it
    private const int OutOfTime = 124;  // as timeout(1) says it

    /// <summary>The status with which the command ended and what it wrote to both streams.</summary>
    public static (int Status, string Text) Run(string file, IEnumerable<string> arguments, string? directory = null, TimeSpan? patience = null, params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            var isOver = process.WaitForExit(patience ?? TimeSpan.FromMinutes(5));
            if (!isOver)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }

            return (isOver ? process.ExitCode : OutOfTime, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
        }
        catch (Win32Exception error)
        {
            return (NotStarted, $"{file} could not be started: {error.Message}");
        }
    }
}
