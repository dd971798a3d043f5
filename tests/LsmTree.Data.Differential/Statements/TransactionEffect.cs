namespace LsmTree.Data.Differential.Statements;

/// <summary>What a statement does to the transaction.</summary>
internal enum TransactionEffect
{
    None,
    Begins,
    Savepoint,
    Ends,
}
