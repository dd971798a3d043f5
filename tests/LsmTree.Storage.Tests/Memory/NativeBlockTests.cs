using System.Globalization;
using LsmTree.Storage.Memory;

namespace LsmTree.Storage.Tests.Memory;

/// <summary>Address space for large transactions: zeroed, in one place, and given back.</summary>
[Collection(AloneCollection.Name)]
public sealed class NativeBlockTests
{
    private const int Rows = 12_000; // 1.4 MB: beyond what arrays hold, within what is kept for the next transaction
    private const int LargeRows = 60_000; // 7 MB: more than is kept

    [Fact]
    public void A_block_is_zeroed_memory_of_its_size()
    {
        if (NativeBlock.TryReserve(1 << 30) is not { } block)
        {
            Assert.False(OperatingSystem.IsLinux());
            return;
        }

        Assert.Equal(1 << 30, block.Span.Length);
        Assert.Equal(-1, block.Span[..(1 << 20)].IndexOfAnyExcept((byte)0));
        block.Span[^1] = 1;
        block.Span[0] = 2;
        Assert.Equal((2, 1), (block.Span[0], block.Span[^1]));
        block.Retire();
        block.Retire();
    }

    [Theory]
    [InlineData(Rows)]
    [InlineData(LargeRows)]
    public void A_large_transaction_reads_and_commits_what_it_wrote(int rows)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Durability = Durability.Normal });
        for (var round = 0; round < 3; round++)
        {
            using var transaction = store.BeginTransaction();
            Fill(transaction, rows, (byte)round);
            var savepoint = transaction.CreateSavepoint();
            Fill(transaction, rows, 99);
            transaction.RollbackTo(savepoint);
            for (var i = 0; i < rows; i += 997)
            {
                Assert.True(transaction.TryGet(BitConverter.GetBytes(i), out byte[]? own));
                Assert.Equal(Value(i, (byte)round), own);
            }

            transaction.Commit();
        }

        for (var i = 0; i < rows; i++)
        {
            Assert.True(store.TryGet(BitConverter.GetBytes(i), out var value));
            Assert.Equal(Value(i, 2), value);
        }
    }

    [Theory]
    [InlineData(Rows)]
    [InlineData(LargeRows)]
    public void The_address_space_of_transactions_comes_back(int rows)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is address space of this kind on Linux.");
        const long Reservation = 1L << 30; // of each transaction
        const int Transactions = 24;
        GC.Collect();
        GC.WaitForPendingFinalizers(); // what earlier tests have dropped goes now
        var before = AddressSpace();
        using (var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 256 << 20, TransactionBytes = Reservation }))
        {
            var open = Enumerable.Range(0, 3).Select(_ => store.BeginTransaction()).ToList(); // overlapping: the pool keeps one
            open.ForEach(transaction => Fill(transaction, rows, 1));
            Assert.InRange(AddressSpace() - before, 2 * Reservation, long.MaxValue); // what an earlier test has left may have gone meanwhile
            open.ForEach(static transaction => transaction.Dispose());
            for (var i = 0; i < Transactions; i++)
            {
                using var transaction = store.BeginTransaction();
                Fill(transaction, rows, 1);
            }

            AssertComesBackTo(before + 2 * Reservation);
        }

        AssertComesBackTo(before + Reservation - 1);
    }

    [Fact]
    public void A_first_transaction_of_many_inserts_allocates_next_to_nothing_for_each()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere the edits are in arrays, which double.");
        const int Inserts = 200_000;
        var key = new byte[16];
        var value = new byte[100];
        var least = long.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Durability = Durability.Off, MemtableBytes = 256 << 20 });
            var before = GC.GetAllocatedBytesForCurrentThread();
            using var transaction = store.BeginTransaction();
            for (var i = 0; i < Inserts; i++)
            {
                System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(key, i);
                transaction.Put(key, value);
            }

            transaction.Commit();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.InRange(least / Inserts, 0, 16);
    }

    /// <summary>What is given back waits for whoever reads at that moment.</summary>
    private static void AssertComesBackTo(long most)
    {
        SpinWait.SpinUntil(() => AddressSpace() <= most, TimeSpan.FromSeconds(30));
        Assert.InRange(AddressSpace(), 0, most);
    }

    private static void Fill(StoreTransaction transaction, int rows, byte content)
    {
        for (var i = 0; i < rows; i++)
        {
            transaction.Put(BitConverter.GetBytes(i), Value(i, content));
        }
    }

    private static byte[] Value(int row, byte content)
    {
        var value = new byte[50 + row % 100];
        Array.Fill(value, content);
        return value;
    }

    /// <summary>Bytes of addresses that the process has: reserved ones count.</summary>
    private static long AddressSpace() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[0], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
