using System.Runtime.InteropServices;
using LsmTree.Storage.Tests.Memory;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Batches;

/// <summary>The largest value, all the way through the files of a store. Alone, for it takes more than a gibibyte of memory.</summary>
[Collection(AloneCollection.Name)]
public sealed class LargestValueTests : IDisposable
{
    private const int Length = 512 << 20;
    private const string SharedMemory = "/dev/shm";

    private readonly TemporaryDirectory _onDisk = new();
    private readonly string _directory;

    public LargestValueTests()
    {
        // What is shown has nothing to do with a disk, and a gibibyte takes a slow one half a minute.
        _directory = Directory.Exists(SharedMemory) && new DriveInfo(SharedMemory).AvailableFreeSpace > 4L * Length
            ? Path.Combine(SharedMemory, Path.GetFileName(_onDisk.Path))
            : _onDisk.File("db");
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }

        _onDisk.Dispose();
    }

    [Fact]
    public void A_value_of_512_MiB_goes_through_log_memtable_table_and_verification_unchanged()
    {
        var value = new byte[Length];
        var words = MemoryMarshal.Cast<byte, long>(value.AsSpan());
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = i * -7046029254386353131;
        }

        var options = new LsmStoreOptions { Background = BackgroundMode.Manual };
        using (var store = LsmStore.Open(_directory, options))
        {
            store.Put("a"u8, "before"u8);
            store.Put("k"u8, value);
            store.Put("z"u8, "after"u8);
            AssertHolds(store, value);
        }

        using (var store = LsmStore.Open(_directory, options))
        {
            Assert.True(store.GetStatistics().TableBytes > Length);
            AssertHolds(store, value);
            var report = store.Verify(TestContext.Current.CancellationToken);
            Assert.True(report.IsSound);
            Assert.True(report.Bytes > Length);
        }
    }

    private static void AssertHolds(LsmStore store, byte[] value)
    {
        Assert.True(store.TryLease("k"u8, out var lease));
        using (lease)
        {
            Assert.True(lease.Value.SequenceEqual(value), "the value has changed");
        }

        Assert.True(store.Contains("a"u8));
        Assert.True(store.Contains("z"u8));
    }
}
