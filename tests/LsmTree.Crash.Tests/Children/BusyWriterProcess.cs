using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LsmTree.Crash.Tests.Children;

/// <summary>A <see cref="BusyWriter"/> in a process of its own.</summary>
internal sealed class BusyWriterProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private BusyWriterProcess(Process process) => _process = process;

    public static BusyWriterProcess Start(string directory)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(dotnet, [typeof(BusyWriterProcess).Assembly.Location, BusyWriter.Option, directory])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var writer = new BusyWriterProcess(Process.Start(start) ?? throw new InvalidOperationException("The writer did not start."));
        if (writer._process.StandardOutput.ReadLine() != "begun")
        {
            writer.Dispose();
            Assert.Fail("The writer did not begin to write.");
        }

        return writer;
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Stops every thread of it, wherever each is at that moment, until the result is disposed. On Linux.</summary>
    public IDisposable Stop()
    {
        Signal("-STOP");
        var patience = Stopwatch.StartNew();
        while (!Directory.EnumerateDirectories($"/proc/{_process.Id}/task").All(IsStopped))
        {
            Assert.True(patience.Elapsed < s_patience, "The writer did not stop.");
            Thread.Sleep(1);
        }

        return new Stopped(this);
    }

    /// <summary>Has it close the store and end; returns its status.</summary>
    public int End()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(s_patience), "The writer did not end.");
        return _process.ExitCode;
    }

    private static bool IsStopped(string task)
    {
        try
        {
            // number (name, which may hold anything) state …
            var line = File.ReadAllText(Path.Combine(task, "stat"));
            return line[line.LastIndexOf(')') + 2] == 'T';
        }
        catch (IOException)
        {
            return true; // the thread has ended
        }
    }

    private void Signal(string signal)
    {
        var (status, text) = Command.Run("kill", [signal, $"{_process.Id}"]);
        Assert.True(status == 0, text);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private sealed class Stopped(BusyWriterProcess writer) : IDisposable
    {
        public void Dispose() => writer.Signal("-CONT");
    }
}
