using LsmTree.Data.Planning;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>FLUSH, COMPACT and CHECKPOINT.</summary>
internal static class Administration
{
    public static void Compact(CompactPlan plan, LsmStore store, Interruption interruption)
    {
        var range = plan.Table is null ? default : KeyRanges.OfTable(plan.Table);
        store.Compact(range.Lower, range.Upper, cancellationToken: interruption.Cancellation);
    }

    public static void Checkpoint(CheckpointPlan plan, StatementContext context, Interruption interruption)
    {
        plan.Directory.Evaluate(context.Frame, out var directory);
        if (directory.Type != SqlType.Text || directory.AsString().Length == 0)
        {
            throw new LsmException(LsmErrorCode.DatatypeMismatch, "CHECKPOINT TO takes the path of a new directory as a text");
        }

        context.Store.CheckpointTo(directory.AsString(), interruption.Cancellation);
    }
}
