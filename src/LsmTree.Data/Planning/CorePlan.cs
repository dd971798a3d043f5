using LsmTree.Data.Expressions;

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
}
