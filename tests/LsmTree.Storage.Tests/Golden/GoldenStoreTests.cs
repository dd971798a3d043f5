using System.Security.Cryptography;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Golden;

/// <summary>Stores that were written once and are kept as they are: what this program reads, every later one must.</summary>
public sealed class GoldenStoreTests
{
    /// <summary>The SHA-256 over names and bytes of each store. A line here is never changed; a new format gets a new line.</summary>
    private static readonly Dictionary<int, string> s_hashes = new()
    {
        [1] = "93EF8FF14A7AAF7A5DBBFE9B6A6E0394D672C3D3CF66A4E08C06F3A06FF5F2A7",
        [2] = "95127FE022016AA814E1739D7B300BCF9CC66291C0B2C1BDA3FB4C7D6072A138",
    };

    public static TheoryData<int> Formats() => [.. s_hashes.Keys];

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_golden_store_is_never_made_again(int format)
    {
        if (!System.IO.Directory.Exists(FolderOf(format)))
        {
            WriteNew(format);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in System.IO.Directory.GetFiles(FolderOf(format)).Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path)));
            hash.AppendData(File.ReadAllBytes(path));
        }

        Assert.Equal(s_hashes[format], Convert.ToHexString(hash.GetHashAndReset()));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_golden_store_opens_with_every_entry_before_and_after_compaction_and_writing(int format)
    {
        var expected = File.ReadAllLines(Path.Combine(FolderOf(format), "contents.txt")).ToList();
        var files = new MemoryFileSystem();
        files.CreateDirectory("/copy");
        foreach (var path in System.IO.Directory.GetFiles(FolderOf(format)).Where(static path => !path.EndsWith(".txt", StringComparison.Ordinal)))
        {
            FileContents.Write(files, Path.Combine("/copy", Path.GetFileName(path)), File.ReadAllBytes(path));
        }

        var clock = new ManualClock();
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual, Time = clock, Seed = 1 };
        using (var reader = LsmStore.OpenOn(files, "/copy", null, options with { Mode = OpenMode.ReadOnly }))
        {
            Assert.Equal(format, reader.FormatVersion);
            Assert.Equal(expected, GoldenRecipe.Describe(reader, clock));
        }

        using (var store = LsmStore.OpenOn(files, "/copy", null, options))
        {
            Assert.Equal(format, store.FormatVersion);
            Assert.Equal(expected, GoldenRecipe.Describe(store, clock));
            Assert.Empty(store.Verify(TestContext.Current.CancellationToken).Problems);
            store.Compact(cancellationToken: TestContext.Current.CancellationToken);
            Assert.Equal(expected, GoldenRecipe.Describe(store, clock));
            store.Put("zz"u8, "new"u8);
            store.Delete("zz"u8);
        }

        using var again = LsmStore.OpenOn(files, "/copy", null, options);
        Assert.Equal(format, again.FormatVersion);
        Assert.Equal(expected[..^1], GoldenRecipe.Describe(again, clock)[..^1]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_recipe_still_makes_the_same_contents(int format)
    {
        var (_, contents) = GoldenRecipe.Make(format);
        Assert.Equal(File.ReadAllLines(Path.Combine(FolderOf(format), "contents.txt")), contents);
    }

    /// <summary>Writes the store of a format that has none yet. Its hash then goes into the list above, and its files are committed.</summary>
    private static void WriteNew(int format)
    {
        var (files, contents) = GoldenRecipe.Make(format);
        System.IO.Directory.CreateDirectory(FolderOf(format));
        foreach (var (name, bytes) in files)
        {
            File.WriteAllBytes(Path.Combine(FolderOf(format), name), bytes);
        }

        File.WriteAllText(Path.Combine(FolderOf(format), "contents.txt"), string.Join('\n', contents) + "\n");
    }

    private static string FolderOf(int format) => Path.Combine(Repository.Root, "tests", "LsmTree.Storage.Tests", "Golden", $"format-{format}");
}
