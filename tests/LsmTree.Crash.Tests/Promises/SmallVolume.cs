using System.Diagnostics;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>A file system of a few mebibytes in memory, mounted for one test; only root on Linux may.</summary>
internal sealed class SmallVolume : IDisposable
{
    private SmallVolume(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one, or says why not.</summary>
    public static SmallVolume? TryMount(int mebibytes, out string reason)
    {
        if (!OperatingSystem.IsLinux())
        {
            reason = "tmpfs is Linux's";
            return null;
        }

        var path = Directory.CreateTempSubdirectory("lsmtree-volume-").FullName;
        reason = Run("mount", "-t", "tmpfs", "-o", $"size={mebibytes}m", "tmpfs", path);
        if (reason.Length == 0)
        {
            return new SmallVolume(path);
        }

        Directory.Delete(path);
        return null;
    }

    /// <summary>From now on the volume may only be read, by anybody.</summary>
    public void MakeReadOnly() => Assert.Equal("", Run("mount", "-o", "remount,ro", Path));

    public void Dispose()
    {
        Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    /// <summary>Runs a command; returns what it complained of, nothing when it succeeded.</summary>
    private static string Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : $"{command} ended with {process.ExitCode}: {error.Trim()}";
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"{command} could not be started: {error.Message}";
        }
    }
}
