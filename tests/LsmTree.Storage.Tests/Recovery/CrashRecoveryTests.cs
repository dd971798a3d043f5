using System.Text;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Recovery;

/// <summary>The power is cut before every single operation of a workload; what is found afterwards must be a prefix of what was committed.</summary>
public sealed class CrashRecoveryTests
{
    private const string Directory = "/db";

    public static TheoryData<Durability, bool> Modes() => new()
    {
        { Durability.Full, false },
        { Durability.Normal, false },
        { Durability.Off, false },
        { Durability.Full, true },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_crash_at_any_operation_leaves_a_prefix_that_holds_what_was_promised(Durability durability, bool positional)
    {
        var options = new LsmStoreOptions
        {
            Durability = durability,
            Background = BackgroundMode.Manual,
            MemtableBytes = 64 << 10,
            TableBytes = 64 << 10,
            Seed = 3,
            LogAppend = positional ? LogAppend.Positional : LogAppend.Mapped,
        };
        var whole = new FaultyFileSystem();
        Run(whole, options, out var history);
        var operations = whole.Operations;
        Assert.True(operations > 50, $"only {operations} operations");
        for (long k = 1; k <= operations; k++)
        {
            var files = new FaultyFileSystem();
            files.StopAt(k);
            var acknowledged = Run(files, options, out _);
            foreach (var profile in new[] { CrashProfile.ProcessDeath, CrashProfile.PowerCut, CrashProfile.TornAfter(k * 7 % 97), CrashProfile.RandomSectors((int)k) })
            {
                Check(files.Crash(profile), options, history, acknowledged, durability, profile, k);
            }
        }
    }

    /// <summary>Twelve commits with flushes and a compaction between them. Returns how many were acknowledged before the power went.</summary>
    private static int Run(FaultyFileSystem files, LsmStoreOptions options, out List<SortedDictionary<string, int>> history)
    {
        history = [[]];
        var acknowledged = 0;
        try
        {
            var store = LsmStore.OpenOn(files, Directory, null, options);
            for (var commit = 1; commit <= 12; commit++)
            {
                var state = new SortedDictionary<string, int>(history[^1], StringComparer.Ordinal);
                var batch = new WriteBatch();
                for (var i = 0; i < 3; i++)
                {
                    var key = $"k{commit * (i + 1) % 7}";
                    batch.Put(Encoding.UTF8.GetBytes(key), Value(commit));
                    state[key] = commit;
                }

                if (commit % 4 == 0)
                {
                    batch.DeleteRange("k2"u8, "k4"u8);
                    state.Remove("k2");
                    state.Remove("k3");
                }

                history.Add(state);
                store.Write(batch);
                acknowledged = commit;
                if (commit is 3 or 6)
                {
                    store.Flush();
                }

                if (commit == 9)
                {
                    store.Compact();
                }
            }

            store.Dispose();
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            // The power is gone; nothing after this matters.
        }

        return acknowledged;
    }

    private static void Check(FaultyFileSystem files, LsmStoreOptions options, List<SortedDictionary<string, int>> history, int acknowledged, Durability durability, CrashProfile profile, long k)
    {
        var where = $"operation {k}, {profile}, {durability}, acknowledged {acknowledged}";
        int found;
        try
        {
            using (var store = LsmStore.OpenOn(files, Directory, null, options))
            {
                found = Find(store, history, where);
                Assert.True(store.Verify().IsSound, where);
                store.Put("later"u8, "x"u8, Durability.Full);
            }

            using var again = LsmStore.OpenOn(files, Directory, null, options);
            Assert.True(again.TryGet("later"u8, out byte[]? _), where);
            again.Delete("later"u8);
            Assert.Equal(found, Find(again, history, where));
        }
        catch (Exception error) when (error is IOException or StoreException or InvalidOperationException)
        {
            throw new InvalidOperationException($"{where}: {error.Message}", error);
        }

        var promised = durability switch
        {
            Durability.Full => acknowledged,
            Durability.Normal => profile is CrashProfile.KeepEverything ? acknowledged : Flushed(acknowledged),
            _ => Flushed(acknowledged),
        };
        Assert.True(found >= promised, $"{where}: found commit {found}, promised {promised}");
        Assert.True(found <= acknowledged + 1, $"{where}: found commit {found}, which was never begun");
    }

    /// <summary>The last commit before a flush that has returned; the flush itself ran after the commit was acknowledged, so the one before counts.</summary>
    private static int Flushed(int acknowledged) => acknowledged switch
    {
        > 9 => 9,
        > 6 => 6,
        > 3 => 3,
        _ => 0,
    };

    private static int Find(LsmStore store, List<SortedDictionary<string, int>> history, string where)
    {
        var state = new SortedDictionary<string, int>(StringComparer.Ordinal);
        using var cursor = store.CreateCursor();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            var commit = cursor.Value[0];
            Assert.Equal(Value(commit), cursor.Value);
            state.Add(Encoding.UTF8.GetString(cursor.Key), commit);
        }

        for (var i = history.Count - 1; i >= 0; i--)
        {
            if (history[i].SequenceEqual(state))
            {
                return i;
            }
        }

        Assert.Fail($"{where}: {string.Join(' ', state)} is no prefix of the history");
        return -1;
    }

    private static byte[] Value(int commit)
    {
        var value = new byte[600];
        Array.Fill(value, (byte)commit);
        return value;
    }
}
