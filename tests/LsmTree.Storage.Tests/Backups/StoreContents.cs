using System.Text;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Backups;

/// <summary>What a store holds, as lines that a test can compare.</summary>
internal static class StoreContents
{
    public static IReadOnlyList<string> Of(LsmStore store)
    {
        var lines = new List<string>();
        using var cursor = store.CreateCursor();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            lines.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }

        return lines;
    }

    /// <summary>Opens the store, demands that every byte of it is sound, and gives what it holds.</summary>
    public static IReadOnlyList<string> Of(IFileSystem files, string directory)
    {
        using var store = LsmStore.OpenOn(files, directory, null, new LsmStoreOptions { Mode = OpenMode.ReadWrite, Background = BackgroundMode.Manual, Seed = 1 });
        var report = store.Verify();
        Assert.True(report.IsSound, string.Join('\n', report.Problems));
        return Of(store);
    }

    public static void Put(LsmStore store, int from, int to, string value)
    {
        var batch = new WriteBatch();
        for (var i = from; i < to; i++)
        {
            batch.Put(Encoding.UTF8.GetBytes($"k{i:D4}"), Encoding.UTF8.GetBytes(value));
        }

        store.Write(batch);
    }
}
