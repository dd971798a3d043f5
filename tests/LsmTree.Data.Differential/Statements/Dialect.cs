namespace LsmTree.Data.Differential.Statements;

/// <summary>Who a statement is written for.</summary>
internal enum Dialect
{
    Lsm,
    Sqlite,
    Postgres,
}
