namespace LsmTree.Data.Planning;

/// <param name="Output">The output (visible, or added for the sort) that is compared.</param>
/// <param name="Descending">True for DESC.</param>
internal readonly record struct SortKey(int Output, bool Descending);
