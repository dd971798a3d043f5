using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Files;

/// <summary>What <see cref="IFileSystem"/> promises, asked of every implementation.</summary>
public sealed class FileSystemContractTests
{
    public static TheoryData<string> Implementations => FileSystemUnderTest.All;

    public static TheoryData<string, bool, int> AppendModes
    {
        get
        {
            var modes = new TheoryData<string, bool, int>();
            foreach (var name in (string[])["disk", "memory", "faulty"])
            {
                modes.Add(name, false, 0);
                modes.Add(name, false, 100);
                modes.Add(name, false, 1 << 20);
                modes.Add(name, true, 0);
            }

            return modes;
        }
    }

    [Theory]
    [MemberData(nameof(AppendModes))]
    public void Appended_bytes_of_all_sizes_are_read_back(string name, bool mapped, int bufferBytes)
    {
        const int Seed = 7;
        using var under = FileSystemUnderTest.Create(name);
        var random = new Random(Seed);
        var expected = new MemoryStream();
        var path = under.File("a");
        using (var file = under.Files.CreateAppend(path, new AppendSettings(mapped, GrowthBytes: 1 << 17, bufferBytes)))
        {
            foreach (var size in (int[])[0, 1, 99, 100, 101, 4096, 65536, 3, 0, 400_000, 16384, 16385, 50, 131072, 7])
            {
                var bytes = new byte[size];
                random.NextBytes(bytes);
                expected.Write(bytes);
                file.Append(bytes.AsSpan(0, size / 3), bytes.AsSpan(size / 3));
                Assert.Equal(expected.Length, file.Position);
            }

            for (var i = 0; i < 3000; i++)
            {
                var bytes = new byte[random.Next(100)];
                random.NextBytes(bytes);
                expected.Write(bytes);
                file.Append(bytes);
            }

            file.Sync();
            Assert.True(expected.ToArray().AsSpan().SequenceEqual(FileContents.Read(under.Files, path).AsSpan(0, (int)expected.Length)), $"seed {Seed}: bytes differ before Finish");
            file.Finish();
            Assert.Equal(expected.Length, file.Position);
        }

        Assert.True(expected.ToArray().AsSpan().SequenceEqual(FileContents.Read(under.Files, path)), $"seed {Seed}: bytes differ after Finish");
    }

    [Theory]
    [MemberData(nameof(AppendModes))]
    public void Nothing_can_be_appended_after_Finish(string name, bool mapped, int bufferBytes)
    {
        using var under = FileSystemUnderTest.Create(name);
        using var file = under.Files.CreateAppend(under.File("a"), new AppendSettings(mapped, BufferBytes: bufferBytes));
        file.Append("abc"u8);
        file.Finish();
        Assert.Throws<InvalidOperationException>(() => file.Append("d"u8));
        file.Sync();
        Assert.Equal("abc"u8, FileContents.Read(under.Files, under.File("a")));
    }

    [Theory]
    [InlineData("disk", false)]
    [InlineData("disk", true)]
    [InlineData("memory", false)]
    [InlineData("faulty", true)]
    public void Unbuffered_bytes_are_visible_to_a_reader_at_once(string name, bool mapped)
    {
        using var under = FileSystemUnderTest.Create(name);
        using var file = under.Files.CreateAppend(under.File("a"), new AppendSettings(mapped));
        file.Append("hello"u8);
        var seen = new byte[5];
        using var reader = under.Files.OpenRead(under.File("a"));
        Assert.Equal(5, reader.Read(0, seen));
        Assert.Equal("hello"u8, seen);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Read_returns_fewer_bytes_only_at_the_end(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        FileContents.Write(under.Files, under.File("a"), new byte[100_000]);
        using var file = under.Files.OpenRead(under.File("a"));
        Assert.Equal(100_000, file.Length);
        Assert.Equal(100_000, file.Read(0, new byte[100_001]));
        Assert.Equal(1, file.Read(99_999, new byte[10]));
        Assert.Equal(0, file.Read(100_000, new byte[10]));
        Assert.Equal(0, file.Read(1L << 40, new byte[10]));
        Assert.Equal(0, file.Read(0, []));
        Assert.Equal(under.File("a"), file.Path);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_file_can_be_created_only_once(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        FileContents.Write(under.Files, under.File("a"), "old"u8);
        Assert.Throws<FileNotOpenedException>(() => under.Files.CreateAppend(under.File("a"), default));
        Assert.Throws<FileNotOpenedException>(() => under.Files.CreateAppend(under.File("a"), new AppendSettings(Mapped: true)));
        Assert.Equal("old"u8, FileContents.Read(under.Files, under.File("a")));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Absent_names_throw_not_found(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        Assert.Throws<FileNotFoundException>(() => under.Files.OpenRead(under.File("absent")));
        Assert.Throws<FileNotFoundException>(() => under.Files.Rename(under.File("absent"), under.File("b")));
        Assert.Throws<DirectoryNotFoundException>(() => under.Files.CreateAppend(Path.Combine(under.File("absent"), "a"), default));
        Assert.Throws<DirectoryNotFoundException>(() => under.Files.List(under.File("absent")));
        Assert.ThrowsAny<IOException>(() => under.Files.SyncDirectory(under.File("absent")));
        under.Files.Delete(under.File("absent"));
        Assert.False(under.Files.FileExists(under.File("absent")));
        Assert.False(under.Files.DirectoryExists(under.File("absent")));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Directories_are_created_with_their_ancestors_and_are_not_files(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        var deep = Path.Combine(under.Directory, "x", "y", "z");
        under.Files.CreateDirectory(deep);
        under.Files.CreateDirectory(deep + Path.DirectorySeparatorChar);
        Assert.True(under.Files.DirectoryExists(deep));
        Assert.False(under.Files.FileExists(deep));
        Assert.Equal(["y"], under.Files.List(Path.Combine(under.Directory, "x")));
        Assert.ThrowsAny<IOException>(() => under.Files.OpenRead(deep));
        Assert.ThrowsAny<IOException>(() => under.Files.Delete(deep));
        FileContents.Write(under.Files, under.File("file"), "f"u8);
        Assert.ThrowsAny<IOException>(() => under.Files.CreateDirectory(under.File("file")));
        Assert.ThrowsAny<IOException>(() => under.Files.CreateDirectory(Path.Combine(under.File("file"), "below")));
        Assert.False(under.Files.DirectoryExists(under.File("file")));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void List_gives_names_in_ordinal_order(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        foreach (var file in (string[])["b", "B", "000002.sst", "10", "ä", "_"])
        {
            FileContents.Write(under.Files, under.File(file), "x"u8);
        }

        under.Files.CreateDirectory(under.File("directory"));
        Assert.Equal(["000002.sst", "10", "B", "_", "b", "directory", "ä"], under.Files.List(under.Directory));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Rename_replaces_the_target_and_refuses_another_directory(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        FileContents.Write(under.Files, under.File("new"), "new"u8);
        FileContents.Write(under.Files, under.File("target"), "old"u8);
        using var old = under.Files.OpenRead(under.File("target"));
        under.Files.Rename(under.File("new"), under.File("target"));
        under.Files.SyncDirectory(under.Directory);
        Assert.Equal("new"u8, FileContents.Read(under.Files, under.File("target")));
        Assert.False(under.Files.FileExists(under.File("new")));
        var bytes = new byte[3];
        Assert.Equal(3, old.Read(0, bytes));
        Assert.Equal("old"u8, bytes);
        under.Files.CreateDirectory(under.File("sub"));
        Assert.Throws<ArgumentException>(() => under.Files.Rename(under.File("target"), Path.Combine(under.File("sub"), "target")));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_deleted_file_lives_on_for_those_who_have_it_open(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        FileContents.Write(under.Files, under.File("a"), "alive"u8);
        using var reader = under.Files.OpenRead(under.File("a"));
        under.Files.Delete(under.File("a"));
        Assert.False(under.Files.FileExists(under.File("a")));
        Assert.Empty(under.Files.List(under.Directory));
        var bytes = new byte[5];
        Assert.Equal(5, reader.Read(0, bytes));
        Assert.Equal("alive"u8, bytes);
        FileContents.Write(under.Files, under.File("a"), "other"u8);
        Assert.Equal(5, reader.Read(0, bytes));
        Assert.Equal("alive"u8, bytes);
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void A_hard_link_is_a_second_name_of_the_same_bytes(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        FileContents.Write(under.Files, under.File("a"), "shared"u8);
        Assert.True(under.Files.TryHardLink(under.File("a"), under.File("b")));
        under.Files.Delete(under.File("a"));
        Assert.Equal("shared"u8, FileContents.Read(under.Files, under.File("b")));
        FileContents.Write(under.Files, under.File("c"), "c"u8);
        Assert.ThrowsAny<IOException>(() => under.Files.TryHardLink(under.File("c"), under.File("b")));
        Assert.ThrowsAny<IOException>(() => under.Files.TryHardLink(under.File("absent"), under.File("d")));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Two_spellings_of_a_directory_have_one_canonical_path(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        var canonical = under.Files.Canonicalize(under.Directory);
        Assert.Equal(canonical, under.Files.Canonicalize(under.Directory + Path.DirectorySeparatorChar));
        Assert.Equal(canonical, under.Files.Canonicalize(Path.Combine(under.Directory, ".")));
        Assert.Equal(Path.Combine(canonical, "not", "there"), under.Files.Canonicalize(Path.Combine(under.Directory, "not", "there")));
        Assert.Equal(Path.Combine(canonical, "b"), under.Files.Canonicalize(Path.Combine(under.Directory, "not", "..", "b")));
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void The_lock_is_given_once_and_names_its_holder(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        var path = under.File(FileNames.Lock);
        using (under.Files.Lock(path, "process 42 since noon"))
        {
            var refused = Assert.Throws<StoreLockedException>(() => under.Files.Lock(path, "the second"));
            Assert.Equal("process 42 since noon", refused.Holder);
            Assert.Equal(under.Files.Canonicalize(under.Directory), under.Files.Canonicalize(refused.Directory));
        }

        Assert.True(under.Files.FileExists(path));
        using (under.Files.Lock(path, "the third"))
        {
            Assert.Equal("the third", Assert.Throws<StoreLockedException>(() => under.Files.Lock(path, "x")).Holder);
        }
    }

    [Theory]
    [MemberData(nameof(Implementations))]
    public void Free_bytes_are_told(string name)
    {
        using var under = FileSystemUnderTest.Create(name);
        Assert.True(under.Files.FreeBytes(under.Directory) > 1 << 20);
    }
}
