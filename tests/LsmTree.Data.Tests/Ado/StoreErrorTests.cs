using LsmTree.Data.Execution;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

/// <summary>What the engine throws, in the provider's words: every kind of its errors has a state of its own, and keeps its cause.</summary>
public sealed class StoreErrorTests
{
    [Fact]
    public void An_error_that_names_its_column_keeps_its_hint()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR(3))");
        var error = Assert.Throws<LsmException>(() => connection.Execute("INSERT INTO t VALUES (1, 'abcd')"));
        Assert.Equal("CAST cuts off what is too much", error.Hint);
        Assert.Equal("Column 'v' of table 't': the value is longer than VARCHAR(3): CAST cuts off what is too much", error.Message);
    }

    private static readonly (StoreException Error, LsmErrorCode Code, string State, bool IsTransient)[] s_errors =
    [
        (new ConflictException("first"), LsmErrorCode.SerializationFailure, "40001", true),
        (new StoreLockedException("/db", "process 7"), LsmErrorCode.StoreLocked, "55P03", true),
        (new StoreFullException("full"), LsmErrorCode.DiskFull, "53100", true),
        (new StoreFailedException("sync", new IOException("disk"), outcomeUnknown: true), LsmErrorCode.CommitOutcomeUnknown, "40003", false),
        (new StoreFailedException("write", new IOException("disk")), LsmErrorCode.StoreFailed, "57P04", false),
        (new TransactionTooLargeException("large"), LsmErrorCode.OutOfMemoryBudget, "53200", false),
        (new StoreFormatException("newer"), LsmErrorCode.NotAStore, "58P01", false),
        (new CorruptionException("1.sst", 5, "a", "b"), LsmErrorCode.Corruption, "XX001", false),
    ];

    [Fact]
    public void Each_kind_has_its_state()
    {
        foreach (var (error, code, state, isTransient) in s_errors)
        {
            var seen = StoreErrors.Translate(error);
            Assert.Equal((code, state, isTransient), (seen.Code, seen.SqlState, seen.IsTransient));
            Assert.Same(error, seen.InnerException);
            Assert.Contains(error.Message, seen.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_kind_is_forgotten()
    {
        var kinds = typeof(StoreException).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(StoreException)) && !type.IsAbstract);
        Assert.Equal(kinds.Order(Comparer<Type>.Create(static (a, b) => string.CompareOrdinal(a.Name, b.Name))), s_errors.Select(static row => row.Error.GetType()).Distinct().OrderBy(static type => type.Name, StringComparer.Ordinal));
    }

    [Fact]
    public void A_commit_of_unknown_outcome_is_not_said_to_be_rolled_back()
    {
        var seen = StoreErrors.Translate(new StoreFailedException("The log could not be synced.", new IOException("disk"), outcomeUnknown: true));
        Assert.Contains("is not known", seen.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("rolled back", seen.Message, StringComparison.OrdinalIgnoreCase);
    }
}
