using LsmTree.Storage.Backups;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Blocks;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Backups;

public sealed class BackupRecordTests
{
    [Fact]
    public void The_first_payload_is_the_example_of_the_format_page()
    {
        var files = new FaultyFileSystem();
        files.CreateDirectory("/backups");
        var image = new VersionEdit { FormatVersion = StoreFormat.Base, StoreId = 7, LastSequence = 12 };
        var record = new BackupRecord(3, 86_400_000, 300, "/db", image);
        record.Write(files, "/backups");

        using var log = LogReader.Open(files, "/backups/BACKUP-000003", new LogIdentity(7, 3));
        Assert.True(log.TryRead(out var first));
        Assert.Equal(Convert.ToHexString(FormatPage.ReadExample("backup.md")), Convert.ToHexString(first.Payload));
        var read = BackupRecord.Read(files, "/backups", 3);
        Assert.Equal(record.Info, read.Info);
        Assert.Equal(new DateTimeOffset(1970, 1, 2, 0, 0, 0, TimeSpan.Zero), read.Info.CreatedAt);
    }

    [Theory]
    [InlineData("8f3a52c1d09e7b64-000007-5c1b0e9f3a7d2846.sst", true)]
    [InlineData("8f3a52c1d09e7b64-1234567-5c1b0e9f3a7d2846.sst.tmp", true)]
    [InlineData("000007.sst", false)]
    [InlineData("8f3a52c1d09e7b64-00x007-5c1b0e9f3a7d2846.sst", false)]
    [InlineData("8F3A52C1D09E7B64-000007-5c1b0e9f3a7d2846.sst", false)]
    [InlineData("8f3a52c1d09e7b64-000007-5c1b0e9f3a7d2846.txt", false)]
    [InlineData(".sst", false)]
    public void Only_files_that_a_backup_wrote_may_be_taken_for_its_tables(string name, bool expected) => Assert.Equal(expected, BackupNames.IsTable(name));

    [Theory]
    [InlineData("BACKUP-000007", 7)]
    [InlineData("BACKUP-1234567", 1234567)]
    [InlineData("BACKUP-7", 0)]
    [InlineData("BACKUP-0000007", 0)]
    [InlineData("BACKUP.tmp", 0)]
    public void A_record_has_one_name(string name, long id)
    {
        Assert.Equal(id != 0, BackupNames.TryParseRecord(name, out var parsed));
        Assert.Equal(id, id == 0 ? 0 : parsed);
    }
}
