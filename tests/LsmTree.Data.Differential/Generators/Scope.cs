using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>The columns that an expression may name, and what to write before their names.</summary>
internal sealed record Scope(Table? Table, string Qualifier = "", bool HasExcluded = false)
{
    public static Scope None { get; } = new((Table?)null);

    public IReadOnlyList<Column> Columns => Table?.Columns ?? [];

    public Sql Name(Column column, Draw draw) => Sql.Words(HasExcluded && draw.Percent(50) ? $"EXCLUDED.{column.Name}" : Qualifier + column.Name);
}
