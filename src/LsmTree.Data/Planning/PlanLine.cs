namespace LsmTree.Data.Planning;

/// <summary>One row of EXPLAIN.</summary>
internal readonly record struct PlanLine(string Step, string Detail);
