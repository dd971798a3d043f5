using LsmTree.Storage.Commits;
using LsmTree.Storage.Diagnostics;
using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>A write-ahead log with no store around it, in the directory "/log".</summary>
internal sealed class TestLog : IDisposable
{
    public const string Directory = "/log";

    private readonly StoreTelemetry _telemetry = new("log", TimeProvider.System);

    private readonly LogChain _chain;

    public TestLog(IFileSystem files, TimeProvider? time = null)
    {
        files.CreateDirectory(Directory);
        _chain = LogChain.Create(files, Directory, 1, new FileNumbers(1), new AppendSettings(Mapped: true), 0, Health, new StoreCounters(), new WorkSignal());
        Log = new WriteAheadLog(_chain, Health, _telemetry, time ?? TimeProvider.System);
    }

    public StoreHealth Health { get; } = new();

    public WriteAheadLog Log { get; }

    public long AppendedBytes => _chain.AppendedBytes;

    public void Dispose()
    {
        Log.Dispose();
        _telemetry.Dispose();
    }
}
