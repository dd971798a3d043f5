using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>The row "a write or fsync of log or manifest fails": writing stops, reading goes on; every later write names the first cause.</summary>
public sealed class FailedSyncTests
{
    [Theory]
    [InlineData(Durability.Off)]
    [InlineData(Durability.Normal)]
    [InlineData(Durability.Full)]
    public void After_a_failed_fsync_nothing_acknowledged_is_lost_and_nothing_more_is_acknowledged(Durability durability)
    {
        var options = new LsmStoreOptions { Durability = durability, Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, Seed = 5 };
        var noSync = new SimFault("EIO", 5, static kind => kind == SimEventKind.Sync);
        var struck = 0;
        for (var at = 0L; at < 300; at++)
        {
            var plan = new SimFaultPlan(at, noSync, sticky: false);
            var files = new SimFileSystem { Faults = plan };
            if (Open(files, options) is not { } store)
            {
                Assert.True(plan.Fired > 0);
                continue;
            }

            var flushed = 0;
            var written = 0;
            StoreException? refusal = null;
            for (; written < 12 && refusal is null; written++)
            {
                refusal = Try(() => store.Put([(byte)written], [(byte)written, 1]));
                if (refusal is null && written % 4 == 3)
                {
                    refusal = Try(() => store.Flush());
                    flushed = refusal is null ? written + 1 : flushed;
                }
            }

            if (plan.Fired == 0)
            {
                store.Dispose();
                continue;
            }

            struck++;
            var failure = Try(() => store.Put("later"u8, "x"u8));
            var isTable = plan.Refusals[0].Path.EndsWith(".sst", StringComparison.Ordinal); // its entries are still in memory and in the log
            Assert.True(refusal is null || isTable || failure is StoreFailedException, $"operation {at}: after {refusal?.Message} a write was taken");
            if (failure is StoreFailedException known)
            {
                Assert.Contains("EIO", known.Message, StringComparison.Ordinal);
                Assert.Contains("EIO", store.GetStatistics().Failure, StringComparison.Ordinal);
            }

            for (var i = 0; i < written - 1; i++)
            {
                Assert.True(store.Contains([(byte)i]), $"operation {at}: write {i} cannot be read any more");
            }

            store.Dispose();
            Assert.Equal(0, files.OpenHandles);
            using var reopened = LsmStore.OpenOn(files.Crash(keepsCache: false), "/store", null, options);
            var promised = durability == Durability.Full ? written - 1 : flushed;
            for (var i = 0; i < promised; i++)
            {
                Assert.True(reopened.TryGet([(byte)i], out byte[]? value) && value.AsSpan().SequenceEqual((byte[])[(byte)i, 1]), $"operation {at}: acknowledged write {i} is lost");
            }
        }

        Assert.True(struck > 3, $"{struck} fsyncs failed");
    }

    private static LsmStore? Open(SimFileSystem files, LsmStoreOptions options)
    {
        try
        {
            return LsmStore.OpenOn(files, "/store", null, options);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static StoreException? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (StoreException error)
        {
            return error;
        }
        catch (IOException error)
        {
            return new StoreFailedException(error.Message, error);
        }
    }
}
