using LsmTree.Data.Values;

namespace LsmTree.Data.Rows;

/// <summary>A column as the codecs see it.</summary>
/// <param name="Ordinal">Its position in the table, from 0.</param>
/// <param name="Type">Its type.</param>
/// <param name="Scale">The s of a DECIMAL(p, s); -1 when values keep their own.</param>
internal readonly record struct StoredColumn(int Ordinal, SqlType Type, int Scale = -1);
