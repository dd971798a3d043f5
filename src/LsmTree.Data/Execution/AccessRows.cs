using LsmTree.Data.Planning;

namespace LsmTree.Data.Execution;

/// <summary>From an access of a plan to its rows.</summary>
internal static class AccessRows
{
    public static TableRows Open(TableAccess access, StatementContext context, RowUse use = RowUse.AtOnce)
    {
        if (access.Guard is not null && access.Guard.Test(context.Frame) != true)
        {
            return Nothing(access, context);
        }

        switch (access.Path)
        {
            case EmptyPath:
                return Nothing(access, context);
            case PointPath point:
                return new KeyLookups(access.Table, KeyRanges.Points(access.Table, [point.Key], access.Order, context.Frame), access.Residual, context, use);
            case MultiPointPath points:
                return new KeyLookups(access.Table, KeyRanges.Points(access.Table, points.Keys, access.Order, context.Frame), access.Residual, context, use);
            case RangePath path:
                var range = KeyRanges.Resolve(access.Table, path, context.Frame);
                return range.IsEmpty ? Nothing(access, context) : new TableScan(access.Table, range, access.Residual, access.Order, context);
            case MultiRangePath path:
                var ranges = KeyRanges.Resolve(access.Table, path, context.Frame);
                return ranges.Count == 0 ? Nothing(access, context) : new TableScan(access.Table, ranges, access.Residual, access.Order, context);
            default:
                throw new InvalidOperationException($"{access.Path.GetType().Name} has no rows.");
        }
    }

    private static KeyLookups Nothing(TableAccess access, StatementContext context) => new(access.Table, [], null, context);
}
