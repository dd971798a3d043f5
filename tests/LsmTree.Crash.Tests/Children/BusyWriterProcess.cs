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

    /// <summary>Has it close the store and end; returns its status.</summary>
    public int End()
    {
        _process.StandardInput.Close();
        Assert.True(_process.WaitForExit(s_patience), "The writer did not end.");
        return _process.ExitCode;
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
}
