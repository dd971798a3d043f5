namespace LsmTree.Storage.Versions;

/// <summary>A table that an edit takes off a level.</summary>
internal readonly record struct RemovedTable(int Level, ulong Number);
