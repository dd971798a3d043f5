using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Tables;

/// <summary>The block where an ascending series of lookups is, so that the next key may find itself in it. The default is at none. It has a pin of the block: see <see cref="Table.End"/>.</summary>
/// <param name="IsAtBlock">False before the first block.</param>
/// <param name="Ordinal">The block's place in the index.</param>
/// <param name="Block">The block.</param>
internal readonly record struct BlockVisit(bool IsAtBlock, int Ordinal, Block Block);
