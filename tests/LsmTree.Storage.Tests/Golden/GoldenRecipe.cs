using System.Globalization;
using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Golden;

/// <summary>How a golden store was made, kept so that a later format can be given one in the same way.</summary>
/// <remarks>
/// What it makes: a store of tables on the last level and on level 0, with deleted keys, range tombstones that still hide something, several
/// versions of keys, an empty key, an empty value and one larger than a block, and a log that was never flushed, as the death of the process leaves it.
/// </remarks>
internal static class GoldenRecipe
{
    private const string Directory = "/golden";

    /// <summary>Makes the files of a store of <paramref name="format"/>, and the lines that say what it holds.</summary>
    public static (Dictionary<string, byte[]> Files, List<string> Contents) Make(int format)
    {
        var files = new MemoryFileSystem();
        var clock = new ManualClock();
        var options = new LsmStoreOptions
        {
            Background = BackgroundMode.Manual,
            MemtableBytes = 64 << 10,
            TableBytes = 64 << 10,
            BlockBytes = 512,
            LogAppend = LogAppend.Positional,
            Compression = format == 1 ? Compression.None : Compression.Brotli,
            Time = clock,
            Seed = 0x601D,
        };
        var store = LsmStore.OpenOn(files, Directory, null, options);
        var held = Fill(store, format);
        var contents = Describe(store, clock);
        var made = files.List(Directory).ToDictionary(static name => name, name => FileContents.Read(files, Path.Combine(Directory, name)));
        held.Dispose();
        store.Dispose();
        return (made, contents);
    }

    /// <summary>Every entry that is there at the beginning of 2030, a line each, and how many are still there at the beginning of 2031.</summary>
    public static List<string> Describe(LsmStore store, ManualClock clock)
    {
        clock.Now = ManualClock.Start;
        var lines = new List<string>();
        using (var cursor = store.CreateCursor())
        {
            for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
            {
                lines.Add($"{Convert.ToHexString(cursor.Key)}={Convert.ToHexString(cursor.Value)}");
            }
        }

        clock.Now = ManualClock.Start.AddYears(1);
        using var later = store.CreateCursor();
        later.SeekToFirst();
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"in 2031: {later.CountRemaining()}"));
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"last sequence number: {store.LastSequence}"));
        clock.Now = ManualClock.Start;
        return lines;
    }

    private static Snapshot Fill(LsmStore store, int format)
    {
        for (var i = 0; i < 650; i++)
        {
            store.Put(Key(i), Value(i, 30));
        }

        store.Compact();
        store.Delete(Key(10));
        store.DeleteRange(Key(100), Key(150));
        store.Put(Key(120), "after the range"u8);
        Expire(store, format, 200, hours: 1);
        store.Flush();
        // A snapshot keeps what the rest of the script would make obsolete: it must be in the files.
        var held = store.CreateSnapshot();
        store.Put([], "the empty key"u8);
        store.Put(Key(901), []);
        store.Put(Key(902), Value(902, 2_000));
        store.DeleteRange(Key(300), Key(310));
        Expire(store, format, 400, hours: 24 * 400);
        store.Flush();
        store.RunBackgroundStep();
        for (var i = 500; i < 520; i++)
        {
            store.Put(Key(i), Value(i + 1, 20));
        }

        var batch = new WriteBatch();
        batch.Delete(Key(541));
        batch.DeleteRange(Key(550), Key(560));
        batch.Put(Key(555), "only in the log"u8);
        store.Write(batch);
        Expire(store, format, 600, hours: 2);
        Expire(store, format, 610, hours: -1);
        return held;
    }

    private static void Expire(LsmStore store, int format, int from, int hours)
    {
        for (var i = from; i < from + 8 && format >= 2; i++)
        {
            store.Put(Key(i), Value(i, 30), ManualClock.Start.AddHours(hours));
        }
    }

    private static byte[] Key(int i) => Encoding.UTF8.GetBytes($"key/{i:D5}");

    private static byte[] Value(int i, int length) => [.. Enumerable.Range(0, length).Select(at => (byte)(at % 3 == 0 ? i : 'a' + i % 7))];
}
