using System.Runtime.CompilerServices;
using LsmTree.Data.Expressions;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Planning;

/// <summary>Constants are computed while a text is planned, by as many threads as plan.</summary>
public sealed class FoldingTests
{
    private static readonly BoundExpression[] s_items = [.. Enumerable.Range(0, 20).Select(static item => new Constant(SqlValue.FromInt32(item)))];

    [Fact]
    public void Nothing_holds_what_was_folded()
    {
        var (pattern, list) = Fold();
        GC.Collect();
        Assert.False(pattern.IsAlive);
        Assert.False(list.IsAlive);
    }

    [Fact]
    public void Threads_that_fold_at_once_do_not_disturb_each_other()
    {
        const int Threads = 4;
        var failures = 0;
        using var start = new Barrier(Threads);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < 50_000; i++)
            {
                if (Record.Exception(static () => Fold()) is not null)
                {
                    Interlocked.Increment(ref failures);
                }
            }
        })).ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        Assert.Equal(0, failures);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Pattern, WeakReference List) Fold()
    {
        var pattern = new PatternTest(new Constant(SqlValue.FromText("abc")), new Constant(SqlValue.FromText("a%")), escape: null);
        var list = new MembershipTest(new Constant(SqlValue.FromInt32(3)), s_items);
        foreach (var folded in (BoundExpression[])[Constant.Fold(pattern), Constant.Fold(list)])
        {
            Assert.True(Assert.IsType<Constant>(folded).Value.AsBoolean());
        }

        return (new WeakReference(pattern), new WeakReference(list));
    }
}
