using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Schedules;

/// <summary>Transfers and audits on real threads, over a store that flushes and compacts on its own, and is closed under them.</summary>
internal static class ThreadStress
{
    private const int Writers = 4;
    private const int TransfersEach = 3_000;
    private const string Receipts = "receipt/";
    private const string Lists = "list/";
    private const int ListCount = 5;
    private const string Directory = "/stress";

    /// <returns>Transfers that committed.</returns>
    public static long Run(ulong seed)
    {
        var files = new MemoryFileSystem();
        var options = new LsmStoreOptions { MemtableBytes = 64 << 10, TableBytes = 64 << 10, BlockCacheBytes = 64 << 10, Seed = seed };
        var failures = new ConcurrentQueue<Exception>();
        var commits = new long[Writers];
        using (var store = LsmStore.OpenOn(files, Directory, null, options))
        {
            for (var i = 0; i < Clients.Accounts; i++)
            {
                Put((key, value, durability) => store.Put(key, value, durability), i, Clients.Deposit);
            }

            var running = Writers;
            var closeAt = (long)new Dice(seed).Below(TransfersEach * Writers);
            var threads = Enumerable.Range(0, Writers + 2).Select(number => new Thread(() =>
            {
                try
                {
                    if (number < Writers)
                    {
                        Transfer(store, number, new Dice(seed + (ulong)number + 1), ref commits[number]);
                    }
                    else
                    {
                        while (Volatile.Read(ref running) > 0)
                        {
                            Audit(store);
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    // The store was closed, as this run wants it to be.
                }
                catch (Exception failure)
                {
                    failures.Enqueue(failure);
                }
                finally
                {
                    if (number < Writers)
                    {
                        Interlocked.Decrement(ref running);
                    }
                }
            })).ToList();
            threads.ForEach(static thread => thread.Start());
            while (Volatile.Read(ref running) > 0 && Committed(commits) < closeAt)
            {
                Thread.Yield();
            }

            store.Dispose();
            threads.ForEach(static thread => thread.Join());
        }

        using var again = LsmStore.OpenOn(files, Directory, null, options);
        Audit(again);
        if (failures.IsEmpty)
        {
            CheckReceipts(again, commits);
        }

        return failures.TryDequeue(out var first) ? throw new ScheduleException($"{failures.Count + 1} threads failed: {first}") : Committed(commits);
    }

    private static long Committed(long[] commits)
    {
        var sum = 0L;
        for (var i = 0; i < commits.Length; i++)
        {
            sum += Volatile.Read(ref commits[i]);
        }

        return sum;
    }

    /// <summary>Transfers; each leaves a receipt, and adds its name to a list that all writers add to.</summary>
    private static void Transfer(LsmStore store, int writer, Dice dice, ref long commits)
    {
        for (var i = 0; i < TransfersEach; i++)
        {
            var from = dice.Below(Clients.Accounts);
            var to = (from + 1 + dice.Below(Clients.Accounts - 1)) % Clients.Accounts;
            using var transaction = store.BeginTransaction(dice.Once(2) ? TransactionIsolation.Serializable : TransactionIsolation.Snapshot);
            var amount = dice.Below(100);
            var (source, target) = (Get(transaction, from), Get(transaction, to));
            Put((key, value, _) => transaction.Put(key, value), from, source - amount);
            Put((key, value, _) => transaction.Put(key, value), to, target + amount);
            var name = string.Create(CultureInfo.InvariantCulture, $"{writer}-{commits}");
            var list = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Lists}{dice.Below(ListCount)}"));
            transaction.Put(Encoding.UTF8.GetBytes(Receipts + name), list);
            transaction.Put(list, [.. transaction.TryGet(list, out byte[]? before) ? before! : [], .. Encoding.UTF8.GetBytes(name), (byte)',']);
            try
            {
                transaction.Commit();
                Volatile.Write(ref commits, commits + 1);
            }
            catch (ConflictException)
            {
                // The other transfer was first.
            }
        }
    }

    private static void Audit(LsmStore store)
    {
        using var cursor = store.CreateCursor();
        var sum = 0L;
        var rows = 0;
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            if (!cursor.Key.StartsWith("bank/"u8))
            {
                continue;
            }

            sum += Clients.Number(Encoding.UTF8.GetString(cursor.Value));
            rows++;
        }

        if (sum != Clients.Accounts * Clients.Deposit || rows != Clients.Accounts)
        {
            throw new ScheduleException(string.Create(CultureInfo.InvariantCulture, $"an audit finds {sum} in {rows} accounts"));
        }
    }

    /// <summary>Every commit that was acknowledged is there, once, in its list and in the order of its writer, and at most one more of each writer: the one that was in flight.</summary>
    private static void CheckReceipts(LsmStore store, long[] commits)
    {
        var listed = new HashSet<string>(StringComparer.Ordinal);
        for (var list = 0; list < ListCount; list++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"{Lists}{list}");
            var names = store.TryGet(Encoding.UTF8.GetBytes(key), out byte[]? value) ? Encoding.UTF8.GetString(value!).Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
            var last = new long[Writers];
            Array.Fill(last, -1);
            foreach (var name in names)
            {
                var (writer, number) = (int.Parse(name.Split('-')[0], CultureInfo.InvariantCulture), long.Parse(name.Split('-')[1], CultureInfo.InvariantCulture));
                var isRight = listed.Add(name) && number > last[writer] && store.TryGet(Encoding.UTF8.GetBytes(Receipts + name), out byte[]? of) && Encoding.UTF8.GetString(of!) == key;
                last[writer] = isRight ? number : throw new ScheduleException($"{key} has {name} twice, in a wrong place, or without its receipt");
            }
        }

        for (var writer = 0; writer < commits.Length; writer++)
        {
            var found = listed.Count(name => name.StartsWith($"{writer}-", StringComparison.Ordinal));
            if (found < commits[writer] || found > commits[writer] + 1)
            {
                throw new ScheduleException($"writer {writer} has had {commits[writer]} transfers acknowledged, and {found} are there");
            }
        }
    }

    private static long Get(StoreTransaction transaction, int account) =>
        transaction.TryGet(Encoding.UTF8.GetBytes(Clients.Account(account)), out byte[]? value) ? Clients.Number(Encoding.UTF8.GetString(value!)) : throw new ScheduleException($"account {account} is not there");

    private static void Put(Action<ReadOnlySpan<byte>, ReadOnlySpan<byte>, Durability?> put, int account, long amount) =>
        put(Encoding.UTF8.GetBytes(Clients.Account(account)), Encoding.UTF8.GetBytes(Clients.Text(amount)), null);
}
