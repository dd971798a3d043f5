using System.Diagnostics;

namespace LsmTree.Storage.Tests.Files;

/// <summary>A link, a directory or a pipe in the place of each file of a store: it is refused, and nothing outside the store is read for it, written or waited for.</summary>
public sealed class SpecialFilesTests : IDisposable
{
    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1 };

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-special-").FullName;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var file in new[] { "CURRENT", "MANIFEST-*", "*.sst", "*.log", "LOCK", "OPTIONS" })
            {
                foreach (var kind in new[] { "link", "directory", "pipe" })
                {
                    cases.Add(file, kind);
                }
            }

            return cases;
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_is_refused(string pattern, string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links and pipes are made otherwise there");
        var store = Path.Combine(_root, "store");
        var outside = Path.Combine(_root, "outside");
        Create(store);
        var file = Directory.GetFiles(store, pattern).Order(StringComparer.Ordinal).Last();
        File.Move(file, outside);
        var bytes = File.ReadAllBytes(outside);
        switch (kind)
        {
            case "link":
                File.CreateSymbolicLink(file, outside);
                break;
            case "directory":
                Directory.CreateDirectory(file);
                break;
            default:
                using (var process = Process.Start("mkfifo", [file]))
                {
                    process.WaitForExit();
                    Assert.Equal(0, process.ExitCode);
                }

                break;
        }

        // OPTIONS is for people: the store opens without it, and replaces no more than the name.
        var error = Record.Exception(() =>
        {
            using var opened = LsmStore.Open(store, s_options);
            opened.Put("more"u8, "1"u8);
            Assert.Equal(2, LsmStoreTests.Dump(opened).Count(static entry => !entry.Contains("more", StringComparison.Ordinal)));
            opened.Compact();
        });
        Assert.True(error is IOException or StoreException || (pattern == "OPTIONS" && error is null), $"{pattern} as a {kind}: {error}");
        Assert.True(pattern == "OPTIONS" || error!.Message.Contains(store, StringComparison.Ordinal), error?.Message);
        Assert.Equal(bytes, File.ReadAllBytes(outside));
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
