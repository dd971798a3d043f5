using System.Data.Common;
using LsmTree.Cli.Terminals;
using LsmTree.Storage;

namespace LsmTree.Cli.Statements;

/// <summary>The one place where the command turns an exception into a line for people and an exit status.</summary>
/// <remarks>What is caught is what a user, a disk or another process can cause. Everything else is a bug and ends the process with its stack.</remarks>
internal static class ErrorReport
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    /// <summary>Runs <paramref name="work"/>; an error is written as <c>error SQLSTATE: message</c> and becomes <see cref="Failure"/>.</summary>
    public static int Guard(Terminal terminal, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (DbException error)
        {
            return Write(terminal, error.SqlState ?? "XX000", error.Message);
        }
        catch (StoreException error)
        {
            return Write(terminal, StateOf(error), error.Message);
        }
        catch (OperationCanceledException)
        {
            return Write(terminal, "57014", "canceled");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Write(terminal, "58030", error.Message);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NotSupportedException or InvalidDataException)
        {
            return Write(terminal, "22023", error.Message);
        }
    }

    public static int Write(Terminal terminal, string state, string message)
    {
        terminal.Out.Flush();
        terminal.Error.WriteLine($"error {state}: {message}");
        return Failure;
    }

    /// <summary>The SQLSTATE that the provider gives to the same failure.</summary>
    private static string StateOf(StoreException error) => error switch
    {
        StoreLockedException => "55P03",
        CorruptionException => "XX001",
        StoreFormatException => "58P01",
        StoreFullException => "53100",
        ConflictException => "40001",
        StoreFailedException { OutcomeUnknown: true } => "40003",
        StoreFailedException => "57P04",
        _ => "XX000",
    };
}
