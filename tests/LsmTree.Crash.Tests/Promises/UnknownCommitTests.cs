using System.Data;
using LsmTree.Data;
using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>A COMMIT whose fsync fails is neither committed nor rolled back until the store has been opened again, and is said to be neither.</summary>
public sealed class UnknownCommitTests
{
    private static readonly LsmStoreOptions s_options = new() { Durability = Durability.Full, Background = BackgroundMode.Manual, Seed = 5 };
    private static readonly SessionSettings s_settings = new("/store", InMemory: false, OpenMode.ReadWriteCreate, Durability.Full, TimeSpan.Zero, Pooling: false, TimeSpan.Zero, MemoryBudget: null, MemtableBytes: null, Compression: null);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_whose_fsync_fails_is_reported_as_of_unknown_outcome_and_is_there_wholly_or_not_at_all(bool isAsync)
    {
        var outcomes = new HashSet<bool>();
        for (var at = 0L; at < 120; at++)
        {
            var plan = new SimFaultPlan(at, new SimFault("EIO", 5, static kind => kind == SimEventKind.Sync), sticky: false);
            var files = new SimFileSystem { Faults = plan };
            using var shared = Open(files);
            if (shared is null || plan.Fired > 0)
            {
                continue; // the fault struck before there was anything to commit
            }

            var transaction = Begin(shared);
            var error = await Commit(transaction, isAsync);
            Assert.False(transaction.IsActive);
            if (plan.Fired == 0)
            {
                Assert.Null(error);
                continue; // that operation was no fsync, or came later
            }

            Assert.NotNull(error);
            Assert.Equal((LsmErrorCode.CommitOutcomeUnknown, "40003", false), (error.Code, error.SqlState, error.IsTransient));
            Assert.Contains("is not known", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("rolled back", error.Message, StringComparison.OrdinalIgnoreCase);

            // The next one was not begun: that is another error, and nothing is unknown about it.
            var next = await Commit(Begin(shared), isAsync);
            Assert.Equal((LsmErrorCode.StoreFailed, false), (next!.Code, next.IsTransient));
            outcomes.Add(AssertWhole(files.Crash(keepsCache: false)));
            outcomes.Add(AssertWhole(files.Crash(keepsCache: true)));
        }

        Assert.Equal([false, true], outcomes.Order()); // both were possible
    }

    private static bool AssertWhole(SimFileSystem files)
    {
        using var store = LsmStore.OpenOn(files, "/store", null, s_options);
        var isThere = store.Contains("a"u8);
        Assert.Equal(isThere, store.Contains("b"u8));
        return isThere;
    }

    private static SessionTransaction Begin(SharedStore shared)
    {
        var transaction = SessionTransaction.Begin(shared, new TransactionTerms(IsolationLevel.Snapshot), Durability.Full);
        transaction.Store.Put("a"u8, "1"u8);
        transaction.Store.Put("b"u8, "2"u8);
        return transaction;
    }

    private static async Task<LsmException?> Commit(SessionTransaction transaction, bool isAsync)
    {
        try
        {
            if (isAsync)
            {
                await transaction.CommitAsync(CancellationToken.None);
            }
            else
            {
                transaction.Commit();
            }

            return null;
        }
        catch (LsmException error)
        {
            return error;
        }
    }

    private static SharedStore? Open(SimFileSystem files)
    {
        LsmStore? store = null;
        try
        {
            store = LsmStore.OpenOn(files, "/store", null, s_options);
            return new SharedStore(store, s_settings);
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            store?.Dispose();
            return null;
        }
    }
}
