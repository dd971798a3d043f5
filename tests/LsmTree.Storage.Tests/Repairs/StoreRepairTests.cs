using System.Text;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Repairs;

/// <summary>New stores of damaged ones: what is saved, what is reported lost, and that the source stays as it was.</summary>
public sealed class StoreRepairTests
{
    private const string Source = "/db";
    private const string Target = "/repaired";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1, BlockBytes = 512 };

    [Fact]
    public void A_sound_store_is_repaired_to_itself_and_the_source_keeps_every_byte()
    {
        var (files, expected) = CrashedStore();
        var before = Snapshot(files);
        var report = Repair(files);
        Assert.True(report.IsComplete, Describe(report));
        Assert.Equal(expected, StoreContents.Of(files, Target));
        Assert.Equal(expected.Count, report.KeysWritten);
        Assert.Equal(before, Snapshot(files));
        Assert.Equal(files.List(Source).Select(static name => $"{Source}/{name}"), report.Files.Select(static file => file.File));
    }

    [Fact]
    public void A_repaired_store_goes_on_with_higher_sequence_numbers_and_is_another_store()
    {
        var (files, _) = CrashedStore();
        Repair(files);
        using var origin = LsmStore.OpenOn(files, Source, null, s_options);
        using var repaired = LsmStore.OpenOn(files, Target, null, s_options);
        Assert.Equal(origin.LastSequence, repaired.LastSequence);
        repaired.Put("k0000"u8, "new"u8);
        Assert.True(repaired.TryGet("k0000"u8, out byte[]? value));
        Assert.Equal("new"u8, value);
        Assert.Throws<IOException>(() => StoreRepair.RunOn(files, Source, Target, s_options, CancellationToken.None));
    }

    [Theory]
    [InlineData("CURRENT", "delete", true)]
    [InlineData("CURRENT", "flip", true)]
    [InlineData("MANIFEST", "delete", false)]
    [InlineData("MANIFEST", "flip", false)]
    [InlineData("MANIFEST", "empty", false)]
    public void The_manifest_and_its_name_are_not_needed(string prefix, string damage, bool manifestUsed)
    {
        var (files, expected) = CrashedStore();
        var path = $"{Source}/{files.List(Source).Single(name => name.StartsWith(prefix, StringComparison.Ordinal))}";
        var bytes = FileContents.Read(files, path);
        bytes[bytes.Length / 2] ^= 4;
        files.Delete(path);
        if (damage != "delete")
        {
            FileContents.Write(files, path, damage == "flip" ? bytes : []);
        }

        var report = Repair(files);
        Assert.Equal(manifestUsed, report.ManifestUsed);
        Assert.Equal(expected, StoreContents.Of(files, Target));
        Assert.All(report.Files, static file => Assert.Empty(file.Losses));
    }

    [Fact]
    public void A_damaged_block_costs_its_own_keys_which_the_report_names_and_counts()
    {
        var (files, expected) = CompactStore();
        var path = Files(files, ".sst").Single();
        Flip(files, path, 3 * 540);
        var report = Repair(files);
        var file = Assert.Single(report.Files, static file => file.Outcome == RepairOutcome.Partial);
        var loss = Assert.Single(file.Losses);
        var left = StoreContents.Of(files, Target);
        var lost = expected.Except(left).ToList();
        Assert.Empty(left.Except(expected));
        Assert.Equal(loss.Entries, lost.Count);
        Assert.InRange(lost.Count, 1, 60);
        Assert.All(lost, line => Assert.True(IsWithin(line.Split('=')[0], loss), line));
        Assert.Equal(file.Entries, left.Count);
    }

    [Theory]
    [InlineData(-1, 1.0)] // magic
    [InlineData(-40, 1.0)] // file number in the footer
    [InlineData(-112 + 20, 1.0)] // where the index is
    [InlineData(-112 - 60, 1.0)] // properties
    public void A_table_without_footer_or_properties_gives_all_its_blocks(int fromEnd, double share)
    {
        var (files, expected) = CompactStore();
        var path = Files(files, ".sst").Single();
        Flip(files, path, FileContents.Read(files, path).Length + fromEnd);
        var report = Repair(files);
        Assert.True(StoreContents.Of(files, Target).Count >= expected.Count * share, Describe(report));
    }

    [Theory]
    [InlineData(Compression.None, new[] { 3 })]
    [InlineData(Compression.None, new[] { 0 })]
    [InlineData(Compression.None, new[] { 3, 4 })]
    [InlineData(Compression.None, new[] { 2, 6, 9 })]
    [InlineData(Compression.Brotli, new[] { 3 })]
    [InlineData(Compression.Brotli, new[] { 1, 2, 5 })]
    public void A_table_without_an_index_gives_the_sound_blocks_behind_a_damaged_one(Compression compression, int[] damaged)
    {
        foreach (var place in new[] { 0.1, 0.5, 0.99 })
        {
            var (files, expected) = CompactStore(compression);
            var path = Files(files, ".sst").Single();
            var blocks = BlocksOf(files, path);
            foreach (var block in damaged)
            {
                Flip(files, path, (int)(blocks[block].Offset + (long)((blocks[block].Size + 8) * place)));
            }

            Flip(files, path, FileContents.Read(files, path).Length - 1);
            var report = Repair(files);
            var left = StoreContents.Of(files, Target);
            var lost = expected.Except(left).ToList();
            Assert.Empty(left.Except(expected));
            Assert.Contains(expected[^1], left);
            Assert.InRange(lost.Count, damaged.Length, expected.Count * (damaged.Length + 1) / blocks.Count + damaged.Length);
            var losses = Assert.Single(report.Files, static file => file.Outcome == RepairOutcome.Partial).Losses.Where(static loss => loss.Bytes > 0 && loss.FirstKey is not null && loss.LastKey is not null).ToList();
            Assert.All(lost, line => Assert.True(losses.Any(loss => IsWithin(line.Split('=')[0], loss)), $"{line} at {place}\n{Describe(report)}"));
            Assert.All(damaged, block => Assert.True(losses.Any(loss => loss.Offset <= blocks[block].Offset && blocks[block].Offset < loss.Offset + loss.Bytes), Describe(report)));
        }
    }

    [Fact]
    public void Entries_that_expire_are_repaired_with_their_moments_from_tables_and_logs()
    {
        var clock = new ManualClock();
        var options = s_options with { Time = clock };
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Source, null, options);
        store.Put("table gone"u8, "1"u8, clock.Now.AddSeconds(1));
        store.Put("table later"u8, "2"u8, clock.Now.AddSeconds(60));
        store.Put("hidden"u8, "old"u8);
        store.Flush();
        store.Put("hidden"u8, "new"u8, clock.Now.AddSeconds(1));
        store.Put("log gone"u8, "3"u8, clock.Now.AddSeconds(1));
        store.Put("log later"u8, "4"u8, clock.Now.AddSeconds(60));
        store.Put("stays"u8, "5"u8);
        files = files.Crash(CrashProfile.ProcessDeath);
        StoreRepair.RunOn(files, Source, Target, options, CancellationToken.None);

        using var repaired = LsmStore.OpenOn(files, Target, null, options);
        Assert.Equal(2, repaired.FormatVersion); // so that no program that knows of no expiry misreads it
        Assert.Equal(["hidden=new", "log gone=3", "log later=4", "stays=5", "table gone=1", "table later=2"], StoreContents.Of(repaired));
        clock.Advance(1_000);
        Assert.Equal(["log later=4", "stays=5", "table later=2"], StoreContents.Of(repaired));
        clock.Advance(60_000);
        Assert.Equal(["stays=5"], StoreContents.Of(repaired));
        Assert.True(repaired.Verify().IsSound);
    }

    [Fact]
    public void A_table_without_an_index_gives_the_blocks_before_the_first_damaged_one()
    {
        var (files, expected) = CompactStore();
        var path = Files(files, ".sst").Single();
        var bytes = FileContents.Read(files, path);
        FileContents.Write(files, path, bytes.AsSpan(0, bytes.Length / 2));
        var report = Repair(files);
        var left = StoreContents.Of(files, Target);
        Assert.Equal(expected.Take(left.Count), left);
        Assert.InRange(left.Count, expected.Count / 3, expected.Count - 1);
        var loss = Assert.Single(Assert.Single(report.Files, static file => file.Outcome == RepairOutcome.Partial).Losses, static loss => loss.Bytes > 0);
        Assert.True(IsWithin(expected[^1].Split('=')[0], loss));
    }

    [Fact]
    public void Damage_in_the_middle_of_a_log_costs_one_record()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Source, null, s_options);
        for (var i = 0; i < 50; i++)
        {
            store.Put(Encoding.UTF8.GetBytes($"k{i:D4}"), "value"u8);
        }

        files = files.Crash(CrashProfile.ProcessDeath);
        var log = Files(files, ".log").Single(path => FileContents.Read(files, path)[0] != 0);
        Flip(files, log, 64 + 20 * 46 + 10);
        var report = Repair(files);
        Assert.Equal(49, StoreContents.Of(files, Target).Count);
        var file = Assert.Single(report.Files, static file => file.Outcome == RepairOutcome.Partial);
        Assert.Equal((log, 49L, 1), (file.File, file.Entries, file.Losses.Count));
        Assert.InRange(file.Losses[0].Offset, 64 + 19 * 46, 64 + 21 * 46);
    }

    [Fact]
    public void Deletions_count_in_every_place_where_they_can_stand()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Source, null, s_options);
        StoreContents.Put(store, 0, 40, "old");
        store.Flush();
        store.Delete("k0001"u8);
        store.DeleteRange("k0010"u8, "k0020"u8);
        StoreContents.Put(store, 15, 16, "after");
        store.Flush();
        store.Delete("k0002"u8);
        store.DeleteRange("k0030"u8, "k0035"u8);
        StoreContents.Put(store, 31, 32, "after");
        var expected = StoreContents.Of(store);
        files = files.Crash(CrashProfile.ProcessDeath);
        files.Delete($"{Source}/CURRENT");
        foreach (var manifest in files.List(Source).Where(static name => name.StartsWith("MANIFEST", StringComparison.Ordinal)))
        {
            files.Delete($"{Source}/{manifest}");
        }

        var report = Repair(files);
        Assert.False(report.ManifestUsed);
        Assert.Equal(expected, StoreContents.Of(files, Target));
        Assert.Equal(40 - 1 - 9 - 1 - 4, expected.Count);
    }

    [Fact]
    public void The_remains_of_a_compaction_do_not_bring_deleted_keys_back()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Source, null, s_options);
        StoreContents.Put(store, 0, 40, "old");
        store.Flush();
        var inputs = Files(files, ".sst").ToDictionary(static path => path, path => FileContents.Read(files, path));
        StoreContents.Put(store, 0, 20, "new");
        store.DeleteRange("k0030"u8, "k0040"u8);
        store.Compact();
        var expected = StoreContents.Of(store);
        store.Dispose();
        foreach (var (path, bytes) in inputs)
        {
            FileContents.Write(files, path, bytes);
        }

        files.Delete($"{Source}/CURRENT");
        var report = Repair(files);
        Assert.Equal(expected, StoreContents.Of(files, Target));
        Assert.Equal(inputs.Keys, report.Files.Where(static file => file.Outcome == RepairOutcome.Obsolete && file.File.EndsWith(".sst", StringComparison.Ordinal)).Select(static file => file.File));
    }

    [Fact]
    public void A_table_that_is_gone_is_reported_with_its_keys()
    {
        var (files, expected) = CompactStore();
        var path = Files(files, ".sst").Single();
        files.Delete(path);
        var report = Repair(files);
        var loss = Assert.Single(Assert.Single(report.Files, static file => file.Outcome == RepairOutcome.Missing).Losses);
        Assert.Equal(expected.Count, loss.Entries);
        Assert.True(IsWithin("k0000", loss) && IsWithin("k0199", loss));
        Assert.Empty(StoreContents.Of(files, Target));
    }

    /// <summary>A flipped byte anywhere: the repair ends, invents nothing, and every key that is missing or old lies in a stretch that is reported.</summary>
    [Fact]
    public void Wherever_a_byte_is_flipped_nothing_is_invented_and_every_loss_is_told()
    {
        var (whole, expected) = CrashedStore();
        var history = expected.Select(static line => line.Split('=')[1]).Append("one").Append("two").Append("three").ToHashSet();
        foreach (var path in whole.List(Source).Select(static name => $"{Source}/{name}"))
        {
            var length = Math.Min(FileContents.Read(whole, path).Length, 20_000);
            for (var offset = 0; offset < length; offset += 1 + length / 25)
            {
                var files = whole.Crash(CrashProfile.ProcessDeath);
                Flip(files, path, offset);
                var report = Repair(files);
                var left = StoreContents.Of(files, Target);
                var losses = report.Files.SelectMany(static file => file.Losses).ToList();
                foreach (var line in expected.Except(left).Concat(left.Except(expected)))
                {
                    Assert.Contains(line.Split('=')[1], history);
                    Assert.True(losses.Any(loss => loss.FirstKey is null || IsWithin(line.Split('=')[0], loss)), $"{path} at {offset}: {line}\n{Describe(report)}");
                }
            }
        }
    }

    /// <summary>Tables on two levels, overwritten and deleted keys, and a log that was not flushed, as a dead process leaves them.</summary>
    private static (FaultyFileSystem Files, IReadOnlyList<string> Expected) CrashedStore()
    {
        var files = new FaultyFileSystem();
        var store = LsmStore.OpenOn(files, Source, null, s_options);
        StoreContents.Put(store, 0, 100, "one");
        store.Compact();
        StoreContents.Put(store, 50, 150, "two");
        store.DeleteRange("k0010"u8, "k0020"u8);
        store.Delete("k0060"u8);
        store.Flush();
        StoreContents.Put(store, 90, 110, "three");
        store.Delete("k0091"u8);
        store.Flush();
        StoreContents.Put(store, 140, 160, "four");
        store.DeleteRange("k0145"u8, "k0147"u8);
        store.Delete("k0001"u8);
        return (files.Crash(CrashProfile.ProcessDeath), StoreContents.Of(store));
    }

    /// <summary>One table with 200 keys in many blocks.</summary>
    private static (FaultyFileSystem Files, IReadOnlyList<string> Expected) CompactStore(Compression compression = Compression.None)
    {
        var files = new FaultyFileSystem();
        using var store = LsmStore.OpenOn(files, Source, null, s_options with { Compression = compression });
        StoreContents.Put(store, 0, 200, "a value of some bytes");
        store.Compact();
        return (files, StoreContents.Of(store));
    }

    private static RepairReport Repair(FaultyFileSystem files)
    {
        var report = StoreRepair.RunOn(files, Source, Target, s_options with { Seed = 77 }, CancellationToken.None);
        Assert.DoesNotContain(files.OpenHandles, static handle => handle.StartsWith("read", StringComparison.Ordinal) || handle.StartsWith("append", StringComparison.Ordinal));
        return report;
    }

    /// <summary>Where the blocks of a sound table are, as its index says.</summary>
    private static List<BlockHandle> BlocksOf(FaultyFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        var bytes = new byte[TableFooter.Bytes];
        file.Read(file.Length - bytes.Length, bytes);
        var (storeId, number) = TableFooter.IdentityOf(bytes);
        var footer = TableFooter.Read(bytes, file.Length - bytes.Length, path, storeId, number);
        var contents = new BlockReader(file, BlockChecksum.ForFile(storeId, number)).Read(footer.Index);
        var index = TableIndex.Read(contents.AsSpan(..^BlockFormat.TrailerBytes), footer.DataEnd)!;
        return [.. Enumerable.Range(0, index.Count).Select(ordinal => index.Handle(ordinal))];
    }

    private static IEnumerable<string> Files(FaultyFileSystem files, string suffix) =>
        files.List(Source).Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Select(static name => $"{Source}/{name}");

    private static void Flip(FaultyFileSystem files, string path, int offset)
    {
        var bytes = FileContents.Read(files, path);
        bytes[offset] ^= 0x20;
        FileContents.Write(files, path, bytes);
    }

    private static bool IsWithin(string key, RepairLoss loss)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return loss.FirstKey.AsSpan().SequenceCompareTo(bytes) <= 0 && loss.LastKey.AsSpan().SequenceCompareTo(bytes) >= 0;
    }

    private static Dictionary<string, string> Snapshot(FaultyFileSystem files) =>
        files.List(Source).ToDictionary(static name => name, name => Convert.ToHexString(FileContents.Read(files, $"{Source}/{name}")));

    private static string Describe(RepairReport report) => string.Join('\n', report.Files.Select(static file =>
        $"{file.File} {file.Outcome} {file.Entries} {string.Join("; ", file.Losses.Select(static loss => $"{loss.Offset}+{loss.Bytes} {loss.Description}"))}"));
}
