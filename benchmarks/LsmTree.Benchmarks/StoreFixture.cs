using System.Buffers.Binary;
using LsmTree.Storage;

namespace LsmTree.Benchmarks;

/// <summary>A store in a temporary directory with a known set of entries: 16-byte keys in a shuffled order, 100-byte values.</summary>
internal sealed class StoreFixture : IDisposable
{
    public const int KeyBytes = 16;
    public const int ValueBytes = 100;

    private const int Seed = 20_26;

    private StoreFixture(LsmStore store, string directory, byte[][] keys)
    {
        Store = store;
        Directory = directory;
        Keys = keys;
    }

    public LsmStore Store { get; }

    public string Directory { get; }

    public byte[][] Keys { get; }

    public static StoreFixture Create(int entries, bool flushed)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("lsmtree-benchmark-").FullName;
        var store = LsmStore.Open(directory, new LsmStoreOptions { MemtableBytes = 256L << 20, BlockCacheBytes = 512L << 20, Seed = Seed });
        var keys = Enumerable.Range(0, entries).Select(KeyAt).ToArray();
        new Random(Seed).Shuffle(keys);
        var value = new byte[ValueBytes];
        foreach (var key in keys)
        {
            store.Put(key, value);
        }

        if (flushed)
        {
            store.Flush();
            store.Compact();
        }

        return new StoreFixture(store, directory, keys);
    }

    public static byte[] KeyAt(int number)
    {
        var key = new byte[KeyBytes];
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(KeyBytes - sizeof(long)), number * 2L);
        return key;
    }

    public void Dispose()
    {
        Store.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
