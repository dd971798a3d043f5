using System.Runtime.InteropServices;
using LsmTree.Data.Execution;
using LsmTree.Data.Expressions;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Execution;

public sealed class StatementContextTests
{
    [Fact]
    public void A_row_above_the_limit_is_refused_alike_alone_and_in_a_batch_or_a_transaction()
    {
        using var store = LsmStore.OpenInMemory();
        var batch = new WriteBatch();
        using var transaction = store.BeginTransaction();

        Refused(new StatementContext(store, new EvaluationFrame()), static (context, row) => context.TryInsert("k"u8, row, Durability.Normal));
        Refused(new StatementContext(store, new EvaluationFrame()).Begin(batch, default), static (context, row) => context.Put("k"u8, row));
        Refused(new StatementContext(store, new EvaluationFrame()).Begin(transaction, default, counters: null), static (context, row) => context.Put("k"u8, row));
    }

    [Fact]
    public void A_key_above_the_limit_is_refused_alike_alone_and_in_a_batch()
    {
        using var store = LsmStore.OpenInMemory();
        var batch = new WriteBatch();
        var key = new byte[(64 << 10) + 1];

        var alone = Assert.Throws<LsmException>(() => new StatementContext(store, new EvaluationFrame()).TryInsert(key, default, Durability.Normal));
        var batched = Assert.Throws<LsmException>(() => new StatementContext(store, new EvaluationFrame()).Begin(batch, default).Put(key, default));

        Assert.Equal(("54000", "54000"), (alone.SqlState, batched.SqlState));
    }

    private static void Refused(StatementContext context, Action<StatementContext, ReadOnlySpan<byte>> write)
    {
        var error = Assert.Throws<LsmException>(() =>
        {
            // Its length alone is looked at, here and in the engine, so there need not be half a gibibyte behind it.
            var first = (byte)0;
            write(context, MemoryMarshal.CreateReadOnlySpan(ref first, (int)StatementContext.MostPendingBytes + 1));
        });
        Assert.Equal("53200", error.SqlState);
    }
}
