using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>"Reading is reading": a store on a volume that cannot be written is read, and refuses to be written, without a byte changing.</summary>
public sealed class ReadOnlyDirectoryTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_in_a_directory_that_cannot_be_written_is_read(bool wasClosed)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // neither mounts nor permissions of this kind
        }

        using var volume = SmallVolume.TryMount(8, out var reason);
        var root = volume?.Path ?? Directory.CreateTempSubdirectory("lsmtree-read-only-").FullName;
        output.WriteLine(volume is null ? $"with permissions: {reason}" : "on a tmpfs that was made read-only");
        var directory = Path.Combine(root, "store");
        var store = LsmStore.Open(directory, new LsmStoreOptions { Background = BackgroundMode.Manual }); // no file comes or goes while it is copied
        store.Put("flushed"u8, "1"u8);
        store.Flush();
        store.Put("in the log"u8, "2"u8, Durability.Full);
        if (wasClosed)
        {
            store.Dispose();
        }
        else
        {
            // As the death of a process leaves it: the files as they are at this moment.
            var copy = Path.Combine(root, "copy");
            Directory.CreateDirectory(copy);
            foreach (var file in Directory.GetFiles(directory).Where(static file => Path.GetFileName(file) != "LOCK"))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            store.Dispose();
            directory = copy;
        }

        try
        {
            Protect(volume, directory);
            var before = Contents(directory);
            using (var reader = LsmStore.Open(directory, new LsmStoreOptions { Mode = OpenMode.ReadOnly }))
            {
                Assert.True(reader.TryGet("flushed"u8, out byte[]? flushed) && flushed.AsSpan().SequenceEqual("1"u8));
                Assert.True(reader.TryGet("in the log"u8, out byte[]? logged) && logged.AsSpan().SequenceEqual("2"u8));
                Assert.True(reader.Verify().IsSound);
                Assert.Throws<InvalidOperationException>(() => reader.Put("a"u8, "b"u8));
            }

            var refusal = Assert.ThrowsAny<Exception>(() => LsmStore.Open(directory));
            Assert.True(refusal is IOException or StoreException, refusal.ToString());
            Assert.Contains(Path.GetFileName(directory), refusal.Message, StringComparison.Ordinal);
            Assert.Equal(before, Contents(directory));
        }
        finally
        {
            if (volume is null)
            {
                File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
                Directory.Delete(root, recursive: true);
            }
        }
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void Protect(SmallVolume? volume, string directory)
    {
        if (volume is not null)
        {
            volume.MakeReadOnly();
            return;
        }

        foreach (var file in Directory.GetFiles(directory))
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static List<string> Contents(string directory) =>
        [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(static file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(stream))}";
        })];
}
