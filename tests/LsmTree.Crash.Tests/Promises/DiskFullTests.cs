using System.Buffers.Binary;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>The row "the disk is full" of docs/durability.md: the write throws and is not there; writing resumes when there is space.</summary>
public sealed class DiskFullTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(LogAppend.Mapped)]
    [InlineData(LogAppend.Positional)]
    public void On_a_volume_that_fills_up_writes_are_refused_and_resume_when_there_is_space(LogAppend append)
    {
        using var volume = SmallVolume.TryMount(8, out var reason);
        output.WriteLine(volume is null ? $"simulated: {reason}" : "on a tmpfs of 8 MiB");
        Assert.SkipWhen(volume is null, reason); // the next test does the same over the simulated file system, everywhere

        var ballast = Path.Combine(volume.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[3 << 20]);
        var options = new LsmStoreOptions { Durability = Durability.Full, LogAppend = append, MemtableBytes = 256 << 10, TableBytes = 256 << 10 };
        var directory = Path.Combine(volume.Path, "store");
        var there = new List<int>();
        int refused;
        using (var store = LsmStore.Open(directory, options))
        {
            refused = WriteUntilFull(store, there);
            output.WriteLine($"{there.Count} writes until the volume was full");
            Assert.True(there.Count > 100, $"only {there.Count} writes went in");
            CheckAll(store, there, refused);
            Assert.Null(store.GetStatistics().Failure);

            File.Delete(ballast);
            WriteWhenThereIsSpace(store, refused + 1, there);
            CheckAll(store, there, refused);
        }

        using var reopened = LsmStore.Open(directory, options);
        CheckAll(reopened, there, refused);
        Assert.True(reopened.Verify().IsSound);
    }

    [Fact]
    public void On_a_simulated_disk_that_is_full_at_any_operation_the_refused_write_is_not_there()
    {
        var options = new LsmStoreOptions { Durability = Durability.Full, Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, Seed = 5 };
        // An fsync that finds no space is one that failed, and so is the switch to another manifest: what they were for is in doubt, and writes stop (LogRotationTests,
        // BulkLoadFullDiskTests). Here is what can be tried again.
        var noSpace = SimFault.All.First(static fault => fault.Name == "ENOSPC");
        var full = noSpace with { Concerns = kind => kind is not (SimEventKind.Sync or SimEventKind.SyncDirectory or SimEventKind.Rename) && noSpace.Concerns(kind) };
        var refusals = 0;
        for (var at = 0L; at < 400; at++)
        {
            var plan = new SimFaultPlan(at, full, sticky: true);
            var files = new SimFileSystem { Faults = plan };
            var there = new List<int>();
            LsmStore store;
            try
            {
                store = LsmStore.OpenOn(files, "/store", null, options);
            }
            catch (StoreFullException)
            {
                Assert.True(files.OpenHandles == 0, $"operation {at}, {plan.First}: {files.OpenHandles} handles are left open");
                plan.IsArmed = false;
                LsmStore.OpenOn(files, "/store", null, options).Dispose();
                continue;
            }

            using (store)
            {
                var refused = -1;
                for (var i = 0; i < 150 && refused < 0; i++)
                {
                    refused = TryWrite(store, i, there) ? -1 : i;
                }

                CheckAll(store, there, refused);
                plan.IsArmed = false;
                for (var i = 200; i < 210; i++)
                {
                    Assert.True(TryWrite(store, i, there), $"no write after the disk was full at operation {at} ({plan.First})");
                }

                CheckAll(store, there, refused);
                refusals += refused < 0 ? 0 : 1;
            }

            using var reopened = LsmStore.OpenOn(files.Crash(keepsCache: false), "/store", null, options);
            CheckAll(reopened, there, -1);
        }

        Assert.True(refusals > 50, $"only {refusals} writes met the full disk");
    }

    private static int WriteUntilFull(LsmStore store, List<int> there)
    {
        for (var i = 0; i < 100_000; i++)
        {
            if (!TryWrite(store, i, there))
            {
                return i;
            }
        }

        Assert.Fail("The volume never was full.");
        return -1;
    }

    /// <summary>Background work looks every second whether there is space again.</summary>
    private static void WriteWhenThereIsSpace(LsmStore store, int from, List<int> there)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (TryWrite(store, from, there))
            {
                for (var i = 1; i < 50; i++)
                {
                    Assert.True(TryWrite(store, from + i, there));
                }

                return;
            }

            Thread.Sleep(100);
        }

        Assert.Fail("Writes did not resume within a minute.");
    }

    private static bool TryWrite(LsmStore store, int number, List<int> there)
    {
        try
        {
            store.Put(Key(number), Value(number));
            there.Add(number);
            return true;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    private static void CheckAll(LsmStore store, List<int> there, int refused)
    {
        foreach (var number in there)
        {
            Assert.True(store.TryGet(Key(number), out byte[]? value), $"write {number} is lost");
            Assert.Equal(Value(number), value);
        }

        Assert.True(refused < 0 || !store.Contains(Key(refused)), "the refused write is there");
    }

    private static byte[] Key(int number)
    {
        var key = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(key, number);
        return key;
    }

    private static byte[] Value(int number)
    {
        var value = new byte[1_000];
        Array.Fill(value, (byte)number);
        return value;
    }
}
