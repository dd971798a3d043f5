using System.Text;
using LsmTree.Cli.Terminals;

namespace LsmTree.Cli;

/// <summary>The process: its console becomes a <see cref="Terminal"/>, Ctrl-C reaches the running statement first.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (Console.IsOutputRedirected)
        {
            // A pipe gets large writes; a person sees every line at once.
            Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 << 10));
        }

        var terminal = Terminal.OfProcess();
        Console.CancelKeyPress += (_, press) => press.Cancel = terminal.Cancel.TryCancel();
        return CommandLine.Run(args, terminal);
    }
}
