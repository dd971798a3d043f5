using System.Collections.Immutable;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>The tables of one level that a compaction takes, in the order of the level.</summary>
internal sealed record CompactionInput(int Level, ImmutableArray<TableFile> Tables);
