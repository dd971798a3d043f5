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
    /// <summary>True when parameters are looked at as long as rows are read.</summary>
    public bool UsesParametersPerRow { get; } =
        Outputs.UsesParameters || (Access?.Residual is { } residual && residual.Inputs.HasFlag(ExpressionInputs.Parameters));

    /// <summary>The same with its outputs converted to the columns of a UNION.</summary>
    public CorePlan ConvertTo(IReadOnlyList<ResultColumn> columns, SourceSpan at)
    {
        var expressions = Outputs.Expressions.ToArray();
        for (var i = 0; i < columns.Count; i++)
        {
            var type = columns[i].Type;
            expressions[i] = type is SqlType.Any or SqlType.Null ? expressions[i] : ExpressionBinder.ConvertBranch(expressions[i], type, at);
        }

        return this with { Outputs = new OutputList(expressions, columns) };
    }
}
