using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;
using Microsoft.Win32.SafeHandles;

namespace LsmTree.Storage.Tests.Files;

/// <summary>What only the real disk has: links, pipes, other processes, preallocation.</summary>
public sealed partial class DiskFileSystemTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DiskFileSystem _files = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ext4", 0xEF53, true)]
    [InlineData("xfs", 0x58465342, true)]
    [InlineData("tmpfs", 0x01021994, true)]
    [InlineData("overlayfs: over btrfs, say", 0x794C7630, false)]
    [InlineData("btrfs", 0x9123683E, false)]
    [InlineData("zfs", 0x2FC12FC1, false)]
    [InlineData("nfs", 0x6969, false)]
    [InlineData("fuse", 0x65735546, false)]
    public void Only_where_reserved_blocks_are_overwritten_in_place_is_a_log_mapped(string name, long magic, bool isMapped) =>
        Assert.True(SpaceReservation.HoldsOn(magic) == isMapped, name);

    [Fact]
    public void OpenRead_refuses_a_symbolic_link()
    {
        FileContents.Write(_files, _directory.File("target"), "secret"u8);
        File.CreateSymbolicLink(_directory.File("link"), _directory.File("target"));
        var refused = Assert.ThrowsAny<IOException>(() => _files.OpenRead(_directory.File("link")));
        Assert.Contains(_directory.File("link"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateAppend_does_not_follow_a_dangling_link()
    {
        File.CreateSymbolicLink(_directory.File("link"), _directory.File("elsewhere"));
        Assert.Throws<FileNotOpenedException>(() => _files.CreateAppend(_directory.File("link"), default));
        Assert.False(File.Exists(_directory.File("elsewhere")));
    }

    [Fact]
    public void OpenRead_refuses_a_pipe_without_waiting_for_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes have names on Unix only");
        Assert.Equal(0, MakePipe(_directory.File("pipe"), 0x180));
        Assert.ThrowsAny<IOException>(() => _files.OpenRead(_directory.File("pipe")));
    }

    [Fact]
    public void OpenRead_refuses_a_device()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "devices have paths on Unix only");
        Assert.ThrowsAny<IOException>(() => _files.OpenRead("/dev/zero"));
    }

    [Fact]
    public void The_path_through_a_link_is_canonical_too()
    {
        Directory.CreateDirectory(_directory.File("real"));
        Directory.CreateSymbolicLink(_directory.File("alias"), _directory.File("real"));
        Assert.Equal(_files.Canonicalize(_directory.File("real")), _files.Canonicalize(_directory.File("alias")));
        Assert.Equal(
            Path.Combine(_files.Canonicalize(_directory.File("real")), "new"),
            _files.Canonicalize(Path.Combine(_directory.File("alias"), "new")));
        using (_files.Lock(Path.Combine(_directory.File("real"), "LOCK"), "me"))
        {
            Assert.Throws<StoreLockedException>(() => _files.Lock(Path.Combine(_directory.File("alias"), "LOCK"), "me again"));
        }
    }

    [Fact]
    public void The_disk_refuses_another_open_file_description_while_the_lock_is_held()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "flock is called directly");
        var path = _directory.File("LOCK");
        using (_files.Lock(path, "this test"))
        {
            using var other = DiskSync.Open(path, PosixCalls.OpenReadWrite | PosixCalls.OpenCloseOnExec, "opening");
            Assert.Equal(-1, PosixCalls.Lock(other, PosixCalls.LockExclusive | PosixCalls.LockNonBlocking));
            Assert.Equal(DiskError.WouldBlock, Marshal.GetLastPInvokeError());
        }

        using var after = DiskSync.Open(path, PosixCalls.OpenReadWrite | PosixCalls.OpenCloseOnExec, "opening");
        Assert.Equal(0, PosixCalls.Lock(after, PosixCalls.LockExclusive | PosixCalls.LockNonBlocking));
    }

    [Fact]
    public void A_lock_held_by_someone_else_is_reported_with_the_text_he_left()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "flock is called directly");
        var path = _directory.File("LOCK");
        File.WriteAllText(path, "process 4711\n");
        using (var other = DiskSync.Open(path, PosixCalls.OpenReadWrite | PosixCalls.OpenCloseOnExec, "opening"))
        {
            Assert.Equal(0, PosixCalls.Lock(other, PosixCalls.LockExclusive));
            var refused = Assert.Throws<StoreLockedException>(() => _files.Lock(path, "me"));
            Assert.Equal("process 4711", refused.Holder);
            Assert.Equal(_directory.Path, refused.Directory);
            Assert.True(refused.IsTransient);
        }

        _files.Lock(path, "me").Dispose();
        Assert.Equal("me", File.ReadAllText(path));
    }

    [Fact]
    public void A_lock_held_by_a_child_process_is_refused_until_the_child_dies()
    {
        const string Flock = "/usr/bin/flock";
        Assert.SkipUnless(File.Exists(Flock), "needs flock of util-linux");
        var path = _directory.File("LOCK");
        File.WriteAllText(path, "the child");
        using var child = Process.Start(new ProcessStartInfo(Flock, ["--no-fork", "-x", path, "sh", "-c", "echo held; exec sleep 600"]) { RedirectStandardOutput = true })!;
        try
        {
            Assert.Equal("held", child.StandardOutput.ReadLine());
            Assert.Equal("the child", Assert.Throws<StoreLockedException>(() => _files.Lock(path, "me")).Holder);
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        _files.Lock(path, "me").Dispose();
    }

    [Fact]
    public void A_child_process_inherits_no_lock()
    {
        const string Sleep = "/bin/sleep";
        Assert.SkipUnless(File.Exists(Sleep), "needs sleep");
        var path = _directory.File("LOCK");
        Process child;
        using (_files.Lock(path, "the parent"))
        {
            child = Process.Start(Sleep, "600");
        }

        using (child)
        {
            try
            {
                // A child that had inherited the open file would hold its lock for as long as it lives.
                _files.Lock(path, "the next").Dispose();
                Assert.False(child.HasExited);
            }
            finally
            {
                child.Kill();
                child.WaitForExit();
            }
        }
    }

    [Fact]
    public void A_lock_that_is_given_back_is_free_also_while_a_copy_of_its_descriptor_is_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");
        var path = _directory.File("LOCK");
        SafeFileHandle copy;
        using (_files.Lock(path, "the parent"))
        {
            // What a child has from fork until exec closes it.
            var descriptor = Directory.GetFiles("/proc/self/fd").First(link => File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName == path);
            copy = new SafeFileHandle(Duplicate(int.Parse(Path.GetFileName(descriptor), CultureInfo.InvariantCulture)), ownsHandle: true);
            Assert.False(copy.IsInvalid);
        }

        using (copy)
        {
            _files.Lock(path, "the next").Dispose();
        }
    }

    [Theory]
    [InlineData(24, true)] // EMFILE
    [InlineData(23, true)] // ENFILE
    [InlineData(12, true)] // ENOMEM
    [InlineData(17, false)] // EEXIST
    [InlineData(13, false)] // EACCES
    public void A_file_that_cannot_be_opened_for_want_of_handles_is_told_apart(int number, bool isExhaustion)
    {
        // As the base library tells it, and as the system call does.
        Assert.Equal(isExhaustion, ((FileNotOpenedException)DiskError.NotOpened(DiskError.FromException(new IOException("refused", number), "creation", "a"))).IsExhaustion);
        Assert.Equal(isExhaustion, ((FileNotOpenedException)DiskError.NotOpened(DiskError.FromNumber(number, "opening", "a"))).IsExhaustion);
    }

    [Fact]
    public void A_lock_file_left_by_a_dead_process_is_no_obstacle()
    {
        File.WriteAllText(_directory.File("LOCK"), "a process that died long ago, with a long text that must not shine through");
        using (_files.Lock(_directory.File("LOCK"), "the living"))
        {
            Assert.Equal("the living"u8, FileContents.Read(_files, _directory.File("LOCK")));
        }
    }

    [Fact]
    public void A_full_disk_that_cannot_be_cut_back_is_an_error_of_the_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "needs /dev/full");
        using var handle = DiskSync.Open("/dev/full", PosixCalls.OpenReadWrite, "opening");
        using var file = new DiskAppendFile("/dev/full", handle, position: 0, bufferBytes: 0);
        // The device refuses to be cut, too, so what arrives is the second error; the position tells that nothing was appended.
        var refused = Assert.Throws<IOException>(() => file.Append("abc"u8));
        Assert.Contains("cutting to 0 bytes of /dev/full", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Position);
    }

    [Theory]
    [InlineData(28)]
    [InlineData(122)]
    public void No_space_and_no_quota_are_a_full_disk(int error)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the numbers are Linux's");
        Assert.IsType<StoreFullException>(DiskError.FromNumber(error, "writing", "file"));
        Assert.IsType<StoreFullException>(DiskError.FromException(new IOException("full", error), "writing", "file"));
    }

    [Fact]
    public void Other_errors_carry_path_operation_and_number()
    {
        var error = Assert.IsType<IOException>(DiskError.FromNumber(5, "fsync", "/some/file"));
        Assert.Contains("fsync", error.Message, StringComparison.Ordinal);
        Assert.Contains("/some/file", error.Message, StringComparison.Ordinal);
        Assert.Contains("error 5", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, error.HResult);
        Assert.IsType<IOException>(DiskError.FromException(new UnauthorizedAccessException("no"), "creation", "file"));
    }

    [Fact]
    public void A_mapped_file_is_longer_than_its_content_until_it_is_finished()
    {
        using var file = _files.CreateAppend(_directory.File("log"), new AppendSettings(Mapped: true));
        Assert.SkipWhen(((MappedAppendFile)file).IsPositional, "this file system cannot reserve space");
        Assert.Equal(64 << 10, new FileInfo(_directory.File("log")).Length);
        file.Append(new byte[(64 << 10) + 1]);
        Assert.Equal((64 << 10) + (128 << 10), new FileInfo(_directory.File("log")).Length);
        file.Finish();
        Assert.Equal((64 << 10) + 1, new FileInfo(_directory.File("log")).Length);
    }

    [Fact]
    public void A_mapped_file_grows_by_pieces_that_double_up_to_the_growth()
    {
        using var file = _files.CreateAppend(_directory.File("log"), new AppendSettings(Mapped: true, GrowthBytes: 256 << 10));
        Assert.SkipWhen(((MappedAppendFile)file).IsPositional, "this file system cannot reserve space");
        var lengths = new List<long>();
        var piece = new byte[32 << 10];
        for (var i = 0; i < 34; i++)
        {
            file.Append(piece);
            var length = new FileInfo(_directory.File("log")).Length >> 10;
            if (lengths.Count == 0 || lengths[^1] != length)
            {
                lengths.Add(length);
            }
        }

        Assert.Equal([64L, 192, 448, 704, 960, 1216], lengths);
    }

    [Fact]
    public void A_file_that_cannot_be_mapped_is_written_positionally()
    {
        var path = _directory.File("log");
        var expected = new MemoryStream();
        var writeOnly = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite);
        using (var file = MappedAppendFile.Create(path, writeOnly, new AppendSettings(Mapped: true)))
        {
            Assert.True(file.IsPositional);
            for (var i = 0; i < 300; i++)
            {
                var bytes = Enumerable.Repeat((byte)i, i * 3).ToArray();
                expected.Write(bytes);
                file.Append(bytes.AsSpan(0, i), bytes.AsSpan(i));
                Assert.Equal(expected.Length, file.Position);
            }

            file.Sync();
            file.Finish();
        }

        Assert.Equal(expected.ToArray(), FileContents.Read(_files, path));
    }

    [Fact]
    public void A_mapped_append_does_not_stand_in_the_way_of_a_sync_beside_it()
    {
        using var file = _files.CreateAppend(_directory.File("log"), new AppendSettings(Mapped: true));
        var done = false;
        using var syncing = new ManualResetEventSlim();
        var syncer = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
            {
                file.Sync();
                syncing.Set();
            }
        });
        syncer.Start();
        syncing.Wait(TestContext.Current.CancellationToken);
        Span<byte> record = stackalloc byte[100];
        for (var i = 0; i < 20_000; i++)
        {
            record.Fill((byte)i);
            file.Append(record);
        }

        Volatile.Write(ref done, true);
        syncer.Join();
        file.Finish();
        var bytes = FileContents.Read(_files, _directory.File("log"));
        Assert.Equal(20_000 * 100, bytes.Length);
        for (var i = 0; i < 20_000; i++)
        {
            Assert.True(bytes.AsSpan(i * 100, 100).IndexOfAnyExcept((byte)i) < 0, $"record {i}");
        }
    }

    [Fact]
    public void A_file_after_a_failed_sync_refuses_another()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs a file that cannot be synced");
        using var handle = DiskSync.Open("/dev/null", PosixCalls.OpenReadWrite, "opening");
        using var file = new DiskAppendFile("/dev/null", handle, position: 0, bufferBytes: 0);
        var first = Assert.Throws<IOException>(file.Sync);
        Assert.Contains("fsync of /dev/null failed", first.Message, StringComparison.Ordinal);
        var second = Assert.Throws<IOException>(file.Sync);
        Assert.Contains("prove nothing", second.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_dropped_can_be_used_no_more()
    {
        var mapped = _files.CreateAppend(_directory.File("a"), new AppendSettings(Mapped: true));
        mapped.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mapped.Append("x"u8));
        var positional = _files.CreateAppend(_directory.File("b"), default);
        positional.Dispose();
        Assert.Throws<ObjectDisposedException>(() => positional.Append("x"u8));
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial nint Duplicate(int descriptor);
}
