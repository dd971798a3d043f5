using System.Diagnostics;
using System.Net.Sockets;

namespace LsmTree.Storage.Tests.Files;

/// <summary>A link, a directory, a pipe, a socket or a device in the place of each file of a store or of its backups: it is refused, and nothing outside the store is read for it, written or waited for.</summary>
public sealed class SpecialFilesTests : IDisposable
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1 };

    // Without these a store is whole: what stands in their place may be taken away, or be let be.
    private static readonly string[] s_needless = ["OPTIONS", "OPTIONS.tmp", "CURRENT.tmp", "RESTORING"];

    private static readonly string[] s_kinds = ["link", "directory", "pipe", "socket", "device"];

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-special-").FullName;
    private readonly List<Socket> _sockets = []; // each takes its file along

    public static TheoryData<string, string> Cases => Product("CURRENT", "MANIFEST-*", "*.sst", "*.log", "LOCK", "OPTIONS", "OPTIONS.tmp", "CURRENT.tmp", "RESTORING");

    public static TheoryData<string, string> BackupCases => Product("BACKUP-000001", "*.sst", "LOCK", "BACKUP.tmp");

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_refused(string pattern, string kind)
    {
        var store = Path.Combine(_root, "store");
        Create(store);
        var (outside, bytes) = Replace(store, pattern, kind);

        // OPTIONS is for people: the store opens without it, and replaces no more than the name.
        var error = Record.Exception(() =>
        {
            using var opened = LsmStore.Open(store, s_options);
            opened.Put("more"u8, "1"u8);
            Assert.Equal(2, LsmStoreTests.Dump(opened).Count(static entry => !entry.Contains("more", StringComparison.Ordinal)));
            opened.Compact();
        });
        Assert.True(error is IOException or StoreException || (s_needless.Contains(pattern) && error is null), $"{pattern} as a {kind}: {error}");
        Assert.True(error is null || error.Message.Contains(store, StringComparison.Ordinal), error?.Message);
        Assert.Equal(bytes, File.ReadAllBytes(outside));
    }

    [Theory]
    [MemberData(nameof(BackupCases))]
    public void Among_backups_it_is_refused(string pattern, string kind)
    {
        var store = Path.Combine(_root, "store");
        var backups = Path.Combine(_root, "backups");
        Create(store);
        using var opened = LsmStore.Open(store, s_options);
        StoreBackup.Create(opened, backups);
        var (outside, bytes) = Replace(backups, pattern, kind);
        VerificationReport? report = null;
        var refusal = Record.Exception(() => report = StoreBackup.Verify(backups));
        Assert.Equal(pattern is "BACKUP-000001" or "*.sst", refusal is not null || !report!.IsSound);
        Action[] attempts =
        [
            () => Assert.NotEmpty(StoreBackup.List(backups)), () => StoreBackup.Create(opened, backups), () => StoreBackup.KeepNewest(backups, 1),
            () =>
            {
                var copy = Path.Combine(_root, "copy");
                StoreBackup.Restore(backups, copy);
                using var restored = LsmStore.Open(copy, s_options);
                Assert.Equal(LsmStoreTests.Dump(opened), LsmStoreTests.Dump(restored));
            },
        ];
        foreach (var attempt in attempts)
        {
            var error = Record.Exception(attempt);
            Assert.True(error is null or IOException or StoreException, $"{pattern} as a {kind}: {error}");
            Assert.True(error is null || error.Message.Contains(backups, StringComparison.Ordinal), error?.Message);
            Assert.Equal(bytes, File.ReadAllBytes(outside));
        }
    }

    private static TheoryData<string, string> Product(params string[] files)
    {
        var cases = new TheoryData<string, string>();
        foreach (var file in files)
        {
            foreach (var kind in s_kinds)
            {
                cases.Add(file, kind);
            }
        }

        return cases;
    }

    /// <summary>Puts something else in the place of a file, which is moved outside; returns where to, and its bytes.</summary>
    private (string Outside, byte[] Bytes) Replace(string directory, string pattern, string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links and pipes are made otherwise there");
        var outside = Path.Combine(_root, "outside");
        var file = Directory.GetFiles(directory, pattern).Order(StringComparer.Ordinal).LastOrDefault();
        if (file is null)
        {
            file = Path.Combine(directory, pattern);
            File.WriteAllText(outside, "nobody's");
        }
        else
        {
            File.Move(file, outside);
        }

        switch (kind)
        {
            case "link":
                File.CreateSymbolicLink(file, outside);
                break;
            case "directory":
                Directory.CreateDirectory(file);
                break;
            case "socket":
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                _sockets.Add(socket);
                socket.Bind(new UnixDomainSocketEndPoint(file));
                break;
            case "device":
                Assert.SkipUnless(Run("mknod", file, "c", "1", "5") == 0, "devices are made by root only"); // as /dev/zero
                break;
            default:
                Assert.Equal(0, Run("mkfifo", file));
                break;
        }

        return (outside, File.ReadAllBytes(outside));
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Create(string directory)
    {
        using (var store = LsmStore.Open(directory, s_options))
        {
            store.Put("in a table"u8, "1"u8);
            store.Flush();
            store.Put("in the log"u8, "2"u8);
            CopyTo(directory, directory + "-copy");
        }

        // As a process that died has left it, so that the log is needed.
        Directory.Delete(directory, recursive: true);
        Directory.Move(directory + "-copy", directory);
    }

    private static void CopyTo(string from, string to)
    {
        Directory.CreateDirectory(to);
        File.WriteAllBytes(Path.Combine(to, "LOCK"), []); // the other is held
        foreach (var path in Directory.GetFiles(from).Where(static path => Path.GetFileName(path) != "LOCK"))
        {
            using var source = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var target = File.Create(Path.Combine(to, Path.GetFileName(path)));
            source.CopyTo(target);
        }
    }
}
