using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Writers;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Calls;

/// <summary>System calls that a signal interrupts are made again: the writer notices nothing. (EINTR comes where a debugger, a profiler or a timer sends signals, and from network file systems.)</summary>
public sealed class InterruptedCallsTests : IDisposable
{
    private const int Transactions = 40;

    // The second, the fifth … of each thread; of those that a thread seldom makes, every other one.
    private const string Seldom = "1+2";
    private const string Often = "2+3";

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-interrupted-").FullName;

    public static TheoryData<LogAppend, string[]> Cases => new()
    {
        { LogAppend.Positional, ["fdatasync", "fsync", "flock", "pwrite64", "ftruncate"] },
        { LogAppend.Mapped, ["fdatasync", "fsync", "flock", "fallocate"] },
    };

    [Theory]
    [MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void A_writer_whose_calls_are_interrupted_now_and_then_ends_well_and_loses_nothing(LogAppend append, string[] calls)
    {
        var store = new WriterStore(Path.Combine(_root, "store"), Path.Combine(_root, "journal"), new WriterSettings(Durability.Full, append));
        var arguments = calls.SelectMany(static call => (string[])["-e", $"inject={call}:error=EINTR:when={(call is "fdatasync" or "pwrite64" ? Often : Seldom)}"]);
        Interrupt(store, calls, arguments);
    }

    [Fact]
    public void An_opening_that_is_interrupted_is_tried_again()
    {
        // Only of these paths: before there is a store, the loader of the process itself opens files, and gives up.
        var store = new WriterStore(Path.Combine(_root, "store"), Path.Combine(_root, "journal"), new WriterSettings(Durability.Full, LogAppend.Mapped));
        string[] paths = [store.Directory, .. ((string[])["LOCK", "CURRENT", "CURRENT.tmp", "MANIFEST-000001", "OPTIONS"]).Select(name => Path.Combine(store.Directory, name))];
        Interrupt(store, ["openat"], [.. paths.SelectMany(static path => (string[])["-P", path]), "-e", $"inject=openat:error=EINTR:when={Seldom}"]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Interrupt(WriterStore store, string[] calls, IEnumerable<string> arguments)
    {
        var log = Path.Combine(_root, "trace");
        var (status, text) = Command.Run("strace", ["-f", "-qq", "-o", log, "-e", $"trace={string.Join(',', calls)}", .. arguments, DotnetHost.Path, typeof(InterruptedCallsTests).Assembly.Location, .. store.BeginRound(Transactions)]);
        Assert.SkipUnless(OperatingSystem.IsLinux() && new FileInfo(log) is { Exists: true, Length: > 0 }, $"strace(1) does not work here: {text}");

        Assert.True(status == 0, $"The writer ended with {status}: {text}");
        Assert.Equal(Transactions, store.CountAcknowledged());
        store.Check(WriterEnd.ByItself, "interrupted");
        store.Finish();
        var interrupted = File.ReadLines(log).Where(static line => line.Contains("EINTR", StringComparison.Ordinal) && line.Contains("(INJECTED)", StringComparison.Ordinal)).ToList();
        Assert.All(calls, call => Assert.Contains(interrupted, line => line.Contains($" {call}(", StringComparison.Ordinal) || line.Contains($" {call} resumed>", StringComparison.Ordinal)));
    }
}
