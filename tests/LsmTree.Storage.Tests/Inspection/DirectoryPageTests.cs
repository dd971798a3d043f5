using System.Globalization;
using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Inspection;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Inspection;

/// <summary>The drawings of docs/formats/directory.md are what the code writes.</summary>
public sealed class DirectoryPageTests
{
    private static readonly IReadOnlyList<byte[]> s_drawings = Drawings();

    [Fact]
    public void Current_is_as_drawn()
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory("/db");
        CurrentFile.Prepare(files, "/db", 7);
        CurrentFile.Switch(files, "/db");
        Assert.Equal(s_drawings[0], FileContents.Read(files, "/db/CURRENT"));
        Assert.Equal(7UL, CurrentFile.Read(files, "/db"));
    }

    [Fact]
    public void Options_is_as_drawn()
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory("/db");
        OptionsFile.Update(files, "/db", "Durability=Full\nMemtableBytes=65536\n");
        Assert.Equal(s_drawings[1], FileContents.Read(files, "/db/OPTIONS"));
        Assert.Equal("Durability=Full\nMemtableBytes=65536\n", OptionsFile.Read(files, "/db"));
    }

    [Fact]
    public void The_options_of_a_store_have_that_form()
    {
        var files = new MemoryFileSystem();
        LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Durability = Durability.Full, MemtableBytes = 64 << 10 }).Dispose();
        var settings = OptionsFile.Read(files, "/db");
        Assert.NotNull(settings);
        Assert.EndsWith("\n", settings, StringComparison.Ordinal);
        var lines = settings.TrimEnd('\n').Split('\n');
        Assert.All(lines, static line => Assert.Matches("^[A-Z][A-Za-z]+=", line));
        Assert.Contains("Durability=Full", lines);
        Assert.Contains("MemtableBytes=65536", lines);
    }

    [Fact]
    public void Lock_is_as_drawn()
    {
        using var directory = new TemporaryDirectory();
        Directory.CreateDirectory(directory.File("db"));
        var path = directory.File("db/LOCK");
        using (DirectoryLock.Take(path, path, Encoding.UTF8.GetString(s_drawings[2])))
        {
            Assert.Equal(s_drawings[2], FileContents.Read(new DiskFileSystem(), path)); // not by a FileStream, which wants a lock of its own
            Assert.Contains("process 4711 (shop)", Assert.Throws<StoreLockedException>(() => DirectoryLock.Take(path, path, "another")).Message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(path));
    }

    [Fact]
    public void The_holder_of_a_store_has_that_form()
    {
        var clock = new ManualClock();
        var holder = OptionsSplit.Holder(clock);
        Assert.Matches($"^process {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)} \\(.+\\) since 2030-01-01 00:00:00Z$", holder);
        Assert.Matches("^process [0-9]+ \\(.+\\) since [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}Z$", Encoding.UTF8.GetString(s_drawings[2]));
    }

    [Fact]
    public void Every_kind_of_file_is_in_the_picture()
    {
        var page = Repository.ReadText("docs/formats/directory.md");
        var pictured = page.Split('\n').Where(static line => line.StartsWith("├ ", StringComparison.Ordinal) || line.StartsWith("└ ", StringComparison.Ordinal)).Select(static line => line[2..].Split(' ')[0]).ToList();
        var kinds = pictured.Select(static name => FileNames.TryParse(name, out var kind, out _) ? kind : throw new FormatException($"{name} is no name of a store's file.")).ToList();
        Assert.Equal(Enum.GetValues<FileKind>().Order(), kinds.Order());
    }

    private static List<byte[]> Drawings()
    {
        var drawings = new List<byte[]>();
        List<byte>? open = null;
        foreach (var line in Repository.ReadText("docs/formats/directory.md").Split('\n'))
        {
            if (line == "```hex")
            {
                open = [];
            }
            else if (line == "```" && open is not null)
            {
                drawings.Add([.. open]);
                open = null;
            }
            else
            {
                open?.AddRange(Convert.FromHexString(line.Split('|')[0].Replace(" ", "", StringComparison.Ordinal)));
            }
        }

        return drawings;
    }
}
