namespace LsmTree.Data.Differential.Statements;

internal sealed record Column(string Name, Kind Kind, bool IsNullable, bool IsKey);
