using System.Text;

namespace LsmTree.Storage.Tests.Commits;

public sealed class TryInsertTests
{
    [Fact]
    public void TryInsert_writes_what_is_absent_and_leaves_what_is_there()
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10 });

        Assert.True(store.TryInsert("key"u8, "one"u8));
        Assert.False(store.TryInsert("key"u8, "two"u8));
        store.Flush();
        Assert.False(store.TryInsert("key"u8, "three"u8));
        Assert.Equal(["key=one"], Dump(store));

        store.Delete("key"u8);
        Assert.True(store.TryInsert("key"u8, "four"u8));
        store.DeleteRange("a"u8, "z"u8);
        Assert.True(store.TryInsert("key"u8, "five"u8, Durability.Full));
        Assert.Equal(["key=five"], Dump(store));
    }

    [Fact]
    public void Of_many_that_TryInsert_one_key_at_once_one_succeeds_also_while_memtables_rotate()
    {
        const int Keys = 2_000;
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { MemtableBytes = 64 << 10 });
        var winners = new int[Keys];
        var threads = Enumerable.Range(1, 4).Select(number => new Thread(() =>
        {
            for (var i = 0; i < Keys; i++)
            {
                if (store.TryInsert(Encoding.UTF8.GetBytes($"key{i:D6}"), Encoding.UTF8.GetBytes($"{number} {new string('x', 200)}")))
                {
                    Interlocked.Add(ref winners[i], number << 8 | 1);
                }
            }
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());

        for (var i = 0; i < Keys; i++)
        {
            Assert.Equal(1, winners[i] & 0xFF);
            Assert.True(store.TryGet(Encoding.UTF8.GetBytes($"key{i:D6}"), out byte[]? value));
            Assert.Equal((winners[i] >> 8).ToString()[0], (char)value[0]);
        }
    }

    private static List<string> Dump(LsmStore store)
    {
        var entries = new List<string>();
        using var cursor = store.CreateCursor();
        for (var found = cursor.SeekToFirst(); found; found = cursor.Next())
        {
            entries.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }

        return entries;
    }
}
