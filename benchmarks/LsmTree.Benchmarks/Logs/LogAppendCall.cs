using BenchmarkDotNet.Attributes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;

namespace LsmTree.Benchmarks.Logs;

/// <summary>One record of one put appended to a log on disk, by memory copy and by positional write.</summary>
public class LogAppendCall
{
    private const int Records = 10_000;
    private const int PayloadBytes = 120;

    private readonly DiskFileSystem _files = new();
    private readonly byte[] _payload = new byte[PayloadBytes];
    private string _directory = null!;
    private LogWriter _log = null!;
    private ulong _logNumber;

    [Params(true, false)]
    public bool Mapped { get; set; }

    [GlobalSetup]
    public void Setup() => _directory = Directory.CreateTempSubdirectory("lsmtree-benchmark-").FullName;

    [GlobalCleanup]
    public void Cleanup() => Directory.Delete(_directory, recursive: true);

    /// <summary>A fresh log for each round keeps the file, and what the kernel keeps of it, small.</summary>
    [IterationSetup]
    public void Begin()
    {
        _log = LogWriter.Create(_files, Path.Combine(_directory, $"{++_logNumber}.log"), new LogIdentity(1, _logNumber), new AppendSettings(Mapped));
        _log.Begin(default);
    }

    [IterationCleanup]
    public void End()
    {
        var path = _log.Path;
        _log.Dispose();
        File.Delete(path);
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public long Append()
    {
        var next = _log.LastSequence + 1;
        for (var record = 0; record < Records; record++)
        {
            _log.Append(LogRecordType.Batch, next++, 1, _payload);
        }

        return _log.Position;
    }
}
