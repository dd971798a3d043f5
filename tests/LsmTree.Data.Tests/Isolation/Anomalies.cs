using System.Data;

namespace LsmTree.Data.Tests.Isolation;

/// <summary>
/// The ten anomalies of Hermitage (Martin Kleppmann's isolation tests, named after Adya's thesis), each as a play of two or three transactions.
/// A play returns whether the anomaly happened.
/// </summary>
internal static class Anomalies
{
    public static IReadOnlyDictionary<string, Func<LsmDataSource, IsolationLevel, bool>> All { get; } = new Dictionary<string, Func<LsmDataSource, IsolationLevel, bool>>
    {
        ["G0"] = DirtyWrite,
        ["G1a"] = AbortedRead,
        ["G1b"] = IntermediateRead,
        ["G1c"] = CircularInformationFlow,
        ["OTV"] = ObservedTransactionVanishes,
        ["PMP"] = PredicateManyPreceders,
        ["P4"] = LostUpdate,
        ["G-single"] = ReadSkew,
        ["G2-item"] = WriteSkew,
        ["G2"] = PredicateWriteSkew,
    };

    private static bool DirtyWrite(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        first.Set(1, 11);
        second.Set(1, 12);
        first.Set(2, 21);
        Assert.True(first.TryCommit());
        second.Set(2, 22);
        second.TryCommit();
        using var after = new Player(source, level);
        return (after.Get(1), after.Get(2)) is not ((11, 21) or (12, 22));
    }

    private static bool AbortedRead(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        first.Set(1, 101);
        var before = second.Get(1);
        first.RollBack();
        return before == 101 || second.Get(1) == 101;
    }

    private static bool IntermediateRead(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        first.Set(1, 101);
        var before = second.Get(1);
        first.Set(1, 11);
        Assert.True(first.TryCommit());
        return before == 101 || second.Get(1) == 101;
    }

    private static bool CircularInformationFlow(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        first.Set(1, 11);
        second.Set(2, 22);
        var (here, there) = (first.Get(2), second.Get(1));
        first.TryCommit();
        second.TryCommit();
        return here == 22 || there == 11;
    }

    private static bool ObservedTransactionVanishes(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        first.Set(1, 11);
        first.Set(2, 19);
        second.Set(1, 12);
        Assert.True(first.TryCommit());
        using var third = new Player(source, level);
        var one = third.Get(1);
        second.Set(2, 18);
        var two = third.Get(2);
        second.TryCommit();
        return (one, two) != (third.Get(1), third.Get(2)) || (one, two) is not ((11, 19) or (12, 18));
    }

    private static bool PredicateManyPreceders(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        Assert.Empty(first.Values("value = 30"));
        second.Execute("INSERT INTO test VALUES (3, 30)");
        Assert.True(second.TryCommit());
        return first.Values("value % 3 = 0").Length > 0;
    }

    private static bool LostUpdate(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        var (here, there) = (first.Get(1), second.Get(1));
        first.Set(1, here + 1);
        second.Set(1, there + 1);
        return first.TryCommit() & second.TryCommit();
    }

    private static bool ReadSkew(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        Assert.Equal(10, first.Get(1));
        second.Set(1, 12);
        second.Set(2, 18);
        Assert.True(second.TryCommit());
        return first.Get(2) == 18;
    }

    private static bool WriteSkew(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        Assert.Equal([10, 20], first.Values("id IN (1, 2)"));
        Assert.Equal([10, 20], second.Values("id IN (1, 2)"));
        first.Set(1, 11);
        second.Set(2, 21);
        return first.TryCommit() & second.TryCommit();
    }

    private static bool PredicateWriteSkew(LsmDataSource source, IsolationLevel level)
    {
        using var first = new Player(source, level);
        using var second = new Player(source, level);
        Assert.Empty(first.Values("value % 3 = 0"));
        Assert.Empty(second.Values("value % 3 = 0"));
        first.Execute("INSERT INTO test VALUES (3, 30)");
        second.Execute("INSERT INTO test VALUES (4, 42)");
        return first.TryCommit() & second.TryCommit();
    }
}
