namespace LsmTree.Data.Planning;

internal enum TransactionVerb
{
    Begin,
    Commit,
    Rollback,
    Save,
    RollbackTo,
    Release,
}
