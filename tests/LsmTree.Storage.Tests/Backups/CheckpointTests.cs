using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Backups;

/// <summary>Checkpoints by link and by copy, and what a crash in the middle leaves.</summary>
public sealed class CheckpointTests
{
    private const string Store = "/db";
    private const string Target = "/copy";

    private static readonly LsmStoreOptions s_options = new() { Background = BackgroundMode.Manual, Seed = 1, Mode = OpenMode.ReadWriteCreate };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_is_the_store_at_that_moment_with_links_and_without(bool hasLinks)
    {
        var files = new FaultyFileSystem { HasLinks = hasLinks };
        using var store = LsmStore.OpenOn(files, Store, null, s_options);
        StoreContents.Put(store, 0, 100, "before");
        store.Flush();
        StoreContents.Put(store, 50, 150, "also before");
        store.DeleteRange("k0010"u8, "k0020"u8);
        var expected = StoreContents.Of(store);
        store.Flush();
        var before = files.Trace.Count;
        store.CheckpointTo(Target);
        Assert.Equal(hasLinks ? 0 : 2, files.Trace.Skip(before).Count(static line => line.StartsWith("create ", StringComparison.Ordinal) && line.EndsWith(".sst", StringComparison.Ordinal)));
        StoreContents.Put(store, 0, 200, "after");
        store.Compact();

        var survivor = files.Crash(CrashProfile.PowerCut);
        Assert.Equal(expected, StoreContents.Of(survivor, Target));
    }

    [Fact]
    public void A_copy_refuses_a_damaged_table_and_a_target_that_is_not_empty()
    {
        var files = new FaultyFileSystem { HasLinks = false };
        using (var store = LsmStore.OpenOn(files, Store, null, s_options))
        {
            StoreContents.Put(store, 0, 100, "value");
        }

        var table = files.List(Store).Single(static name => name.EndsWith(".sst", StringComparison.Ordinal));
        var bytes = FileContents.Read(files, $"{Store}/{table}");
        bytes[30] ^= 1;
        FileContents.Write(files, $"{Store}/{table}", bytes);
        using var damaged = LsmStore.OpenOn(files, Store, null, s_options);
        Assert.EndsWith(table, Assert.Throws<CorruptionException>(() => damaged.CheckpointTo(Target)).File, StringComparison.Ordinal);
        Assert.Equal(["LOCK"], files.List(Target));
        FileContents.Write(files, $"{Target}/something", "x"u8);
        Assert.Contains("not empty", Assert.Throws<IOException>(() => damaged.CheckpointTo(Target)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crash_in_the_middle_leaves_no_half_store_that_opens(bool hasLinks)
    {
        var (whole, begin, expected) = RunUntil(long.MaxValue, hasLinks);
        var end = whole.Operations;
        var refused = 0;
        for (var k = begin; k <= end; k++)
        {
            var (cut, _, _) = RunUntil(k, hasLinks);
            foreach (var profile in new[] { CrashProfile.ProcessDeath, k % 2 == 0 ? CrashProfile.PowerCut : CrashProfile.RandomSectors((int)k) })
            {
                var files = cut.Crash(profile);
                Assert.True(expected.SequenceEqual(StoreContents.Of(files, Store)), $"the store itself, operation {k}, {profile}");
                try
                {
                    Assert.True(expected.SequenceEqual(StoreContents.Of(files, Target)), $"the copy, operation {k}, {profile}");
                }
                catch (StoreFormatException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > end - begin, $"{refused} refused of {end - begin} operations");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_checkpoint_that_was_cut_at_any_operation_is_repeated_in_its_place(bool hasLinks)
    {
        var (whole, begin, expected) = RunUntil(long.MaxValue, hasLinks);
        Assert.DoesNotContain("RESTORING", whole.List(Target));
        var unfinished = 0;
        for (var k = begin; k <= whole.Operations; k++)
        {
            var (cut, _, _) = RunUntil(k, hasLinks);
            foreach (var profile in new[] { CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.RandomSectors((int)k) })
            {
                var where = $"operation {k}, {profile}";
                var files = cut.Crash(profile);
                var names = files.DirectoryExists(Target) ? files.List(Target) : [];
                using var store = LsmStore.OpenOn(files, Store, null, s_options);
                if (names.Contains("CURRENT"))
                {
                    Assert.Throws<IOException>(() => store.CheckpointTo(Target));
                }
                else
                {
                    if (names.Contains("RESTORING"))
                    {
                        unfinished++;
                        Assert.Contains("cut short", Assert.Throws<StoreFormatException>(() => LsmStore.OpenOn(files, Target, null, s_options)).Message, StringComparison.Ordinal);
                    }

                    Assert.True(names.Contains("RESTORING") || !names.Any(static name => name.EndsWith(".sst", StringComparison.Ordinal)), $"{where}: nothing says what {string.Join(' ', names)} are");
                    store.CheckpointTo(Target);
                    Assert.DoesNotContain("RESTORING", files.List(Target));
                }

                Assert.True(expected.SequenceEqual(StoreContents.Of(files, Target)), where);
                Assert.True(expected.SequenceEqual(StoreContents.Of(store)), where);
            }
        }

        Assert.InRange(unfinished, 5, int.MaxValue);
    }

    private static (FaultyFileSystem Files, long Begin, IReadOnlyList<string> Expected) RunUntil(long operation, bool hasLinks)
    {
        var files = new FaultyFileSystem { HasLinks = hasLinks };
        var store = LsmStore.OpenOn(files, Store, null, s_options);
        StoreContents.Put(store, 0, 30, "one");
        store.Flush();
        StoreContents.Put(store, 20, 40, "two");
        store.Flush();
        var begin = files.Operations;
        var expected = StoreContents.Of(store);
        files.StopAt(operation);
        try
        {
            store.CheckpointTo(Target);
        }
        catch (PowerCutException)
        {
            // What is left is looked at by the caller.
        }

        return (files, begin, expected);
    }
}
