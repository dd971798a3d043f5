using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace LsmTree.Hosting.Tests;

/// <summary>A sample, running as its user would run it.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3); // for a machine twenty times slower than any we know

    private readonly Process _process;
    private readonly StringBuilder _output = new(); // its own lock

    private SampleProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it has written so far, to both streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <param name="sample">The folder under samples/.</param>
    /// <param name="directory">Its working directory and temporary folder.</param>
    /// <param name="arguments">Its arguments.</param>
    public static SampleProcess Start(string sample, string directory, params string[] arguments)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", sample, configuration, sample + ".dll"));
        var start = new ProcessStartInfo(DotnetPath(), [program, .. arguments])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = directory, ["TMP"] = directory, ["TEMP"] = directory },
        };
        return new SampleProcess(Process.Start(start) ?? throw new InvalidOperationException($"{sample} did not start."));
    }

    /// <summary>Waits for its end; what it wrote, when it ended well.</summary>
    public string ReadToEnd()
    {
        Assert.True(_process.WaitForExit(s_patience), $"It did not end within {s_patience}: {Output}");
        _process.WaitForExit(); // and for the end of its streams
        Assert.True(_process.ExitCode == 0, Output);
        return Output;
    }

    /// <summary>Waits until it has written something, and gives the rest of that line.</summary>
    public async Task<string> WaitForLineAsync(string beginning)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < s_patience)
        {
            var output = Output;
            var at = output.IndexOf(beginning, StringComparison.Ordinal);
            if (at >= 0 && output.IndexOf('\n', at) is var end and >= 0)
            {
                return output[(at + beginning.Length)..end].Trim();
            }

            Assert.False(_process.HasExited, $"It has ended: {output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"It did not write '{beginning}' within {s_patience}: {Output}");
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.Append(line).Append('\n');
        }
    }

    /// <summary>The host that runs these tests: three folders above its runtime.</summary>
    private static string DotnetPath() =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
}
