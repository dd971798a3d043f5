namespace LsmTree.Data.Planning;

/// <summary>Which way rows are read along the key.</summary>
internal enum ScanOrder
{
    Ascending,
    Descending,
}
