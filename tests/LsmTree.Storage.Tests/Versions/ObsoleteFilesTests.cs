using LsmTree.Storage.Files;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Versions;

public sealed class ObsoleteFilesTests
{
    private static readonly string[] s_names =
    [
        "000003.log", "000004.sst", "000005.log", "000006.sst", "000007.log", "000008.sst", "000009.sst", "000010.log",
        "CURRENT", "CURRENT.tmp", "LOCK", "MANIFEST-000002", "MANIFEST-000006", "MANIFEST-000011", "notes.txt", "000004.sst.bak", "4.sst",
    ];

    [Fact]
    public void What_no_version_log_number_or_manifest_names_is_obsolete() => Assert.Equal(
        ["000003.log", "000004.sst", "000005.log", "000009.sst", "MANIFEST-000002"],
        ObsoleteFiles.Find(s_names, new HashSet<ulong> { 6, 8 }, logNumber: 7, manifestNumber: 6, pendingFloor: 12));

    [Fact]
    public void A_manifest_above_the_one_in_force_may_be_coming_into_force_and_stays() =>
        Assert.DoesNotContain("MANIFEST-000011", ObsoleteFiles.Find(s_names, new HashSet<ulong> { 6, 8 }, logNumber: 7, manifestNumber: 6, pendingFloor: 12));

    [Fact]
    public void What_may_be_in_the_making_stays() => Assert.Equal(
        ["000003.log", "000004.sst", "000005.log", "MANIFEST-000002"],
        ObsoleteFiles.Find(s_names, new HashSet<ulong> { 6, 8 }, logNumber: 7, manifestNumber: 6, pendingFloor: 9));

    [Fact]
    public void Deleting_removes_the_files_and_nothing_else()
    {
        var files = new MemoryFileSystem();
        files.CreateDirectory("/store");
        foreach (var name in s_names)
        {
            files.CreateAppend($"/store/{name}", new AppendSettings(Mapped: false)).Dispose();
        }

        var (deleted, error) = ObsoleteFiles.Delete(files, "/store", ["000003.log", "000004.sst"]);
        Assert.Equal(2, deleted.Count);
        Assert.Null(error);
        Assert.Equal(s_names.Length - 2, files.List("/store").Count);
        Assert.DoesNotContain("000004.sst", files.List("/store"));
    }
}
