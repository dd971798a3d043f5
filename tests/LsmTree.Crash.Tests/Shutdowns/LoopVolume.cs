using System.Globalization;
using System.Runtime.InteropServices;
using LsmTree.Crash.Tests.Children;

namespace LsmTree.Crash.Tests.Shutdowns;

/// <summary>An ext4 file system in a file, mounted through a loop device, that can be shut down under whoever uses it; only root on Linux may.</summary>
internal sealed partial class LoopVolume : IDisposable
{
    private const int ImageBytes = 64 << 20;

    // _IOR('X', 125, __u32), and "do not write the journal out": what is not on the disk yet never will be.
    private const nuint ShutdownRequest = 0x8004587D;
    private const uint WithoutLogFlush = 2;
    private const int OpenReadOnly = 0;

    private readonly string _image;
    private readonly string _options;

    private LoopVolume(string root, string options)
    {
        _image = System.IO.Path.Combine(root, "image");
        _options = options;
        Path = System.IO.Path.Combine(root, "volume");
    }

    public string Path { get; }

    /// <summary>Makes and mounts one below the directory, or says why not.</summary>
    public static LoopVolume? TryCreate(string root, string options, out string reason)
    {
        reason = "loop-mounted ext4 is Linux's";
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var volume = new LoopVolume(root, options);
        Directory.CreateDirectory(volume.Path);
        using (var image = File.Create(volume._image))
        {
            image.SetLength(ImageBytes);
        }

        reason = volume.TryRun("mkfs.ext4", "-q", "-F", volume._image);
        reason = reason.Length == 0 ? volume.TryMount() : reason;
        return reason.Length == 0 ? volume : null;
    }

    /// <summary>From now on nothing reaches the disk, and every call fails. What was synced is there after <see cref="Remount"/>.</summary>
    public string TryShutDown()
    {
        var descriptor = Open(Path, OpenReadOnly);
        if (descriptor < 0)
        {
            return $"{Path} could not be opened: error {Marshal.GetLastPInvokeError()}";
        }

        var flags = WithoutLogFlush;
        var result = Control(descriptor, ShutdownRequest, ref flags);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        return result == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"the file system could not be shut down: error {error}");
    }

    /// <summary>Gives the file system back as a power cut leaves it: the kernel replays its journal.</summary>
    public void Remount()
    {
        Assert.Equal("", TryRun("umount", Path));
        Assert.Equal("", TryMount());
    }

    public void Dispose()
    {
        TryRun("umount", "-l", Path);
        File.Delete(_image);
    }

    private string TryMount() => TryRun("mount", "-t", "ext4", "-o", $"loop,{_options}", _image, Path);

    private string TryRun(string command, params string[] arguments)
    {
        var (status, text) = Command.Run(command, arguments);
        return status == 0 ? "" : $"{command} ended with {status}: {text.Trim()}";
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
