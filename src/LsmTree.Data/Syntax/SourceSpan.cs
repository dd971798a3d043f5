namespace LsmTree.Data.Syntax;

/// <summary>Where something stands in the command text: line and column from 1, columns in UTF-16 units.</summary>
internal readonly record struct SourceSpan(int Line, int Column);
