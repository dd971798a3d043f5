using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Tables;

/// <summary>A filter is read as it was written, whatever the settings are now.</summary>
public sealed class OtherFilterSettingsTests
{
    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 10)]
    [InlineData(1, 32)]
    [InlineData(32, 1)]
    public void A_store_that_is_opened_with_other_filter_settings_finds_every_key(int writtenBits, int openedBits)
    {
        var files = new MemoryFileSystem();
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual, Seed = 1, BloomBitsPerKey = writtenBits };
        using (var store = LsmStore.OpenOn(files, "/db", null, options))
        {
            for (var i = 0; i < 2_000; i++)
            {
                store.Put(BitConverter.GetBytes(i), "v"u8);
            }

            store.Flush();
        }

        using var reopened = LsmStore.OpenOn(files, "/db", null, options with { BloomBitsPerKey = openedBits });
        for (var i = 0; i < 2_000; i++)
        {
            Assert.True(reopened.Contains(BitConverter.GetBytes(i)), $"key {i}");
        }

        Assert.Equal(writtenBits > 0, reopened.GetStatistics().FilterProbes > 0);
    }
}
