using System.Text;
using LsmTree.Storage.Tests.Backups;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>A compression for each level: tables change it as they go down, and a store with several reads as one.</summary>
public sealed class CompressionPerLevelTests
{
    private const string Store = "/db";
    private const int RawBytes = 200 * 500;

    private static readonly LsmStoreOptions s_plain = new() { Background = BackgroundMode.Manual, Seed = 1 };
    private static readonly LsmStoreOptions s_levels = s_plain with { Compression = Compression.None, CompressionPerLevel = [Compression.None, Compression.Brotli] };

    [Fact]
    public void A_compaction_changes_the_compression_to_that_of_its_level_and_back()
    {
        var files = new FaultyFileSystem();
        var value = new string('v', 500);
        using (var store = LsmStore.OpenOn(files, Store, null, s_levels))
        {
            StoreContents.Put(store, 0, 200, value);
            store.Flush();
            Assert.True(store.GetLevels()[0].Bytes > RawBytes, "level 0 is stored as it is");
            store.Compact();
            Assert.True(store.GetLevels()[6].Bytes < RawBytes / 4, "below it, blocks are compressed");
            StoreContents.Put(store, 100, 300, value);
            store.Flush();
            Assert.True(store.GetLevels()[0].Bytes > RawBytes);
            Assert.True(store.Verify().IsSound);
        }

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"k{i:D4}={value}"), StoreContents.Of(files, Store));
        using (var plain = LsmStore.OpenOn(files, Store, null, s_plain))
        {
            plain.Compact();
            Assert.True(plain.GetLevels()[6].Bytes > RawBytes);
            Assert.Equal(300, StoreContents.Of(plain).Count);
        }
    }

    [Fact]
    public void A_load_is_written_like_the_last_level()
    {
        using var store = LsmStore.OpenOn(new FaultyFileSystem(), Store, null, s_levels);
        using var load = store.BeginBulkLoad();
        for (var i = 0; i < 200; i++)
        {
            load.Add(Encoding.ASCII.GetBytes($"k{i:D4}"), new byte[500]);
        }

        load.Complete();
        Assert.True(store.GetLevels()[6].Bytes < RawBytes / 4);
    }

    [Fact]
    public void A_list_without_elements_or_with_unknown_ones_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LsmStore.OpenInMemory(s_plain with { CompressionPerLevel = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LsmStore.OpenInMemory(s_plain with { CompressionPerLevel = [Compression.None, (Compression)77] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LsmStore.OpenInMemory(s_plain with { CompressionPerLevel = new Compression[8] }));
    }
}
