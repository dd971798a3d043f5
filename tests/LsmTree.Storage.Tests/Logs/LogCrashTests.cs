using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Logs;

/// <summary>Logs under crashes and failing disks.</summary>
public sealed class LogCrashTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_any_crash_the_log_is_a_prefix_with_all_that_was_synced_and_is_never_called_damaged(bool mapped)
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var files = new FaultyFileSystem();
            var syncedRecords = 0;
            var records = 0;
            var closed = false;
            using var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, new AppendSettings(mapped));
            files.SyncDirectory("/");
            writer.Begin(LogTestFile.Predecessor);
            for (var step = random.Next(40); step > 0; step--)
            {
                var more = random.Next(8);
                LogTestFile.AppendRecords(writer, records, records + more);
                records += more;
                if (random.Next(4) == 0)
                {
                    writer.Sync();
                    syncedRecords = records;
                }
            }

            if (random.Next(3) == 0)
            {
                files.StopAt(files.Operations + random.Next(5));
                try
                {
                    writer.Close();
                    syncedRecords = records;
                    closed = true;
                }
                catch (PowerCutException)
                {
                    // Whatever the close got done is on the disk.
                }
            }

            foreach (var profile in (CrashProfile[])[CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.TornAfter(random.Next(3000)), CrashProfile.RandomSectors(seed), CrashProfile.RandomSectors(~seed)])
            {
                var (survived, end) = LogTestFile.Read(FileContents.Read(files.Crash(profile), LogTestFile.Path));
                var story = $"seed {seed}, {profile}: {survived} of {records} records, {syncedRecords} synced, {end}";
                Assert.True(survived >= syncedRecords && survived <= records, story);
                Assert.True(end is not LogEnd.Damaged, story);
                Assert.True(profile != CrashProfile.ProcessDeath || survived == records, story);
                Assert.True(!closed || end is LogEnd.Closed, story);
            }
        }
    }

    [Fact]
    public void Close_syncs_before_the_trailer_and_after_it()
    {
        var files = new FaultyFileSystem();
        var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, new AppendSettings(Mapped: true));
        writer.Begin(default);
        writer.Append(LogRecordType.Batch, 1, 1, "a"u8);
        writer.Close();
        writer.Dispose();
        Assert.Equal(
            ["create 000007.log", "append 000007.log 0+64", "append 000007.log 64+33", "sync 000007.log", "append 000007.log 97+48", "finish 000007.log 145", "sync 000007.log"],
            files.Trace);
        Assert.Empty(files.OpenHandles);
    }

    [Fact]
    public void After_a_full_disk_the_log_goes_on_where_it_was()
    {
        var files = new FaultyFileSystem();
        using var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, default);
        writer.Begin(LogTestFile.Predecessor);
        LogTestFile.AppendRecords(writer, 0, 3);
        var before = writer.Position;
        files.FailOn(FileOperation.Append, error: static () => new StoreFullException("no space"));
        Assert.Throws<StoreFullException>(() => LogTestFile.AppendRecords(writer, 3, 4));
        Assert.Equal(before, writer.Position);
        Assert.Equal(LogTestFile.Sequence(3) - 1, writer.LastSequence);
        LogTestFile.AppendRecords(writer, 3, 6);
        writer.Close();
        Assert.Equal((6, new LogEnd.Closed(writer.Position - 48)), LogTestFile.Read(FileContents.Read(files, LogTestFile.Path)));
    }

    [Fact]
    public void A_full_disk_costs_a_closing_log_its_trailer_only()
    {
        var files = new FaultyFileSystem();
        using var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, default);
        writer.Begin(LogTestFile.Predecessor);
        LogTestFile.AppendRecords(writer, 0, 3);
        files.FailOn(FileOperation.Append, error: static () => new StoreFullException("no space"));
        writer.Close();
        Assert.Equal(writer.Position, writer.SyncedPosition);
        Assert.Equal((3, new LogEnd.Open(writer.Position)), LogTestFile.Read(FileContents.Read(files, LogTestFile.Path)));
    }

    [Fact]
    public void A_failed_append_leaves_a_torn_log()
    {
        var files = new FaultyFileSystem();
        using (var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, default))
        {
            writer.Begin(LogTestFile.Predecessor);
            LogTestFile.AppendRecords(writer, 0, 3);
            files.FailOn(FileOperation.Append);
            Assert.Throws<IOException>(() => LogTestFile.AppendRecords(writer, 3, 4));
        }

        var (records, end) = LogTestFile.Read(FileContents.Read(files, LogTestFile.Path));
        Assert.Equal(3, records);
        Assert.IsType<LogEnd.Torn>(end);
        Assert.Empty(files.OpenHandles);
    }

    [Fact]
    public void A_failed_sync_moves_no_durable_point()
    {
        var files = new FaultyFileSystem();
        using var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, default);
        writer.Begin(default);
        files.FailOn(FileOperation.Sync);
        Assert.Throws<IOException>(writer.Sync);
        Assert.Equal(0, writer.SyncedPosition);
    }

    [Fact]
    public void Dispose_without_Close_cuts_reserved_space_and_writes_no_trailer()
    {
        using var directory = new TemporaryDirectory();
        var files = new DiskFileSystem();
        var path = directory.File("000007.log");
        using (var writer = LogWriter.Create(files, path, LogTestFile.Identity, new AppendSettings(Mapped: true)))
        {
            writer.Begin(LogTestFile.Predecessor);
            LogTestFile.AppendRecords(writer, 0, 5);
            Assert.True(new FileInfo(path).Length >= writer.Position);
        }

        var (records, end) = LogTestFile.Read(File.ReadAllBytes(path));
        Assert.Equal(5, records);
        Assert.Equal(new FileInfo(path).Length, Assert.IsType<LogEnd.Open>(end).Offset);
    }

    [Fact]
    public void Syncs_beside_an_appender_never_claim_more_than_was_appended()
    {
        using var directory = new TemporaryDirectory();
        using var writer = LogWriter.Create(new DiskFileSystem(), directory.File("log"), LogTestFile.Identity, new AppendSettings(Mapped: true));
        writer.Begin(default);
        var done = false;
        var failures = 0;
        void SyncUntilDone()
        {
            while (!Volatile.Read(ref done))
            {
                var before = writer.Position;
                writer.Sync();
                var synced = writer.SyncedPosition;
                if (synced < before || synced > writer.Position)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        }

        Thread[] syncers = [new(SyncUntilDone), new(SyncUntilDone)];
        foreach (var thread in syncers)
        {
            thread.Start();
        }

        for (var i = 1UL; i <= 20_000; i++)
        {
            writer.Append(LogRecordType.Batch, i, 1, "some bytes of payload"u8);
        }

        Volatile.Write(ref done, true);
        foreach (var thread in syncers)
        {
            thread.Join();
        }

        Assert.Equal(0, failures);
        writer.Close();
        using var reader = LogReader.Open(new DiskFileSystem(), directory.File("log"), LogTestFile.Identity);
        var records = 0;
        while (reader.TryRead(out var record))
        {
            records++;
            Assert.True(record.DurableBytes <= record.Offset);
        }

        Assert.Equal(20_000, records);
        Assert.IsType<LogEnd.Closed>(reader.End);
    }
}
