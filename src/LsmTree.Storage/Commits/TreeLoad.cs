namespace LsmTree.Storage.Commits;

/// <summary>What maintenance owes in one version, as far as writers feel it.</summary>
/// <param name="Level0Depth">The most tables of level 0 that share a key.</param>
/// <param name="DebtBytes">Bytes that compactions still have to rewrite.</param>
/// <param name="TableBytes">Bytes of all tables.</param>
internal readonly record struct TreeLoad(int Level0Depth, long DebtBytes, long TableBytes);
