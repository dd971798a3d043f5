using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Planning;

/// <summary>A select list or RETURNING: what is computed from each row.</summary>
/// <param name="Expressions">The outputs; beyond <paramref name="Columns"/> come those that only a sort needs.</param>
/// <param name="Columns">The columns that the reader sees.</param>
internal sealed record OutputList(IReadOnlyList<BoundExpression> Expressions, IReadOnlyList<ResultColumn> Columns)
{
    public static readonly OutputList None = new([], []);

    /// <summary>The table ordinals when every output is a column as it is stored; null otherwise.</summary>
    public int[]? PlainOrdinals { get; } = Expressions.All(static output => output is ColumnValue)
        ? [.. Expressions.Select(static output => ((ColumnValue)output).Ordinal)]
        : null;

    /// <summary>True when every output is a column as it is stored, in the order of the table from its first column on: a row can stand for itself.</summary>
    public bool AreFirstColumns { get; } = Expressions.Index().All(static output => output.Item is ColumnValue column && column.Ordinal == output.Index);

    /// <summary>True when the type of an output shows only in the parameters: <c>SELECT @p</c>.</summary>
    public bool HasTypesFromParameters { get; } = Expressions.Take(Columns.Count).Any(ParameterTypes.Decide);

    public bool UsesParameters { get; } = Expressions.Any(static output => output.Inputs.HasFlag(ExpressionInputs.Parameters));

    public bool IsEmpty => Columns.Count == 0;
}
