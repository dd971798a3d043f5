using System.Diagnostics;

namespace LsmTree.Crash.Tests.Children;

/// <summary>The <c>lsmtree</c> command, or the writer of these tests, in a process of its own, which can be killed.</summary>
internal sealed class LsmTreeProcess : IDisposable
{
    // What a shell reports for a process that SIGKILL ended: 128 + 9.
    private const int KilledStatus = 137;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private LsmTreeProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public StreamWriter Input => _process.StandardInput;

    public static LsmTreeProcess Start(params string[] arguments) => StartAssembly(Path.Combine(AppContext.BaseDirectory, "lsmtree.dll"), arguments);

    /// <summary>Starts this program once more, with the arguments of its <see cref="Writers.WriterProgram"/>.</summary>
    public static LsmTreeProcess StartWriter(string[] arguments) => StartAssembly(typeof(LsmTreeProcess).Assembly.Location, arguments);

    private static LsmTreeProcess StartAssembly(string assembly, string[] arguments)
    {
        var start = new ProcessStartInfo(DotnetHost.Path, [assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new LsmTreeProcess(Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start."));
    }

    /// <summary>Kills the process without a warning. True when that is what ended it; false when it had ended by itself.</summary>
    public bool Kill()
    {
        _process.Kill();
        WaitForExit();
        return _process.ExitCode == KilledStatus || (OperatingSystem.IsWindows() && _process.ExitCode == -1);
    }

    /// <summary>Waits for the end of the process; returns its status and what it wrote to both streams.</summary>
    public (int Status, string Text) WaitForExit()
    {
        if (!_process.WaitForExit(s_patience))
        {
            _process.Kill();
            Assert.Fail($"The process did not end within {s_patience}.");
        }

        return (_process.ExitCode, _output.GetAwaiter().GetResult() + _error.GetAwaiter().GetResult());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
