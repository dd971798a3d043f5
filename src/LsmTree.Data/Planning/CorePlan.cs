using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>One SELECT, before UNION, ORDER BY and LIMIT.</summary>
/// <param name="Access">Where rows come from; null for one row without columns.</param>
/// <param name="Guard">The condition of a SELECT without table; null when there is none.</param>
/// <param name="Aggregates">The aggregates of the select list; with any, there is exactly one row of results.</param>
/// <param name="Shortcut">How they come from keys alone.</param>
/// <param name="Outputs">What is computed.</param>
internal sealed record CorePlan(TableAccess? Access, BoundExpression? Guard, IReadOnlyList<AggregateCall> Aggregates, AggregateShortcut Shortcut, OutputList Outputs)
{
    /// <summary>Where it stands; only among several.</summary>
    public SourceSpan At { get; init; }

    /// <summary>True when parameters are looked at as long as rows are read.</summary>
    public bool UsesParametersPerRow { get; } =
        Outputs.UsesParameters || (Access?.Residual is { } residual && residual.Inputs.HasFlag(ExpressionInputs.Parameters));

    /// <summary>The type in which a column of SELECTs joined by UNION meets.</summary>
    /// <param name="cores">The SELECTs.</param>
    /// <param name="column">Which column.</param>
    /// <param name="typeOf">The type of an output of one.</param>
    /// <exception cref="LsmException">DatatypeMismatch.</exception>
    public static SqlType Unite(IReadOnlyList<CorePlan> cores, int column, Func<BoundExpression, BranchType> typeOf)
    {
        var types = cores.Select(core => typeOf(core.Outputs.Expressions[column])).ToArray();
        return BranchType.TryMeet(types, out var common, out var other)
            ? common
            : throw ExpressionBinder.Error(
                LsmErrorCode.DatatypeMismatch,
                $"UNION brings together {SqlTypes.NameOf(common)} and {SqlTypes.NameOf(other)} in column {column + 1}",
                cores[Array.FindIndex(types, type => type.Type == other)].At);
    }

    /// <summary>The same with its outputs converted to the columns of a UNION.</summary>
    public CorePlan ConvertTo(IReadOnlyList<ResultColumn> columns)
    {
        var expressions = Outputs.Expressions.ToArray();
        for (var i = 0; i < columns.Count; i++)
        {
            expressions[i] = ExpressionBinder.ConvertBranch(expressions[i], columns[i].Type, At);
        }

        return this with { Outputs = new OutputList(expressions, columns) };
    }
}
