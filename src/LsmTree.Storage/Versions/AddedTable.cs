namespace LsmTree.Storage.Versions;

/// <summary>A table that an edit puts on a level.</summary>
internal readonly record struct AddedTable(int Level, TableInfo Info);
