using LsmTree.Data.Values;

namespace LsmTree.Data.Schemas;

/// <summary>A declared column.</summary>
/// <param name="Name">The name in the case of its declaration.</param>
/// <param name="Ordinal">Its position in the table, from 0.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">False for NOT NULL and for key columns.</param>
/// <param name="KeyPosition">Its position in the primary key, from 0; -1 when it is not part of it.</param>
/// <param name="Precision">Precision of a DECIMAL; 0 when not declared.</param>
/// <param name="Scale">Scale of a DECIMAL; 0 when not declared.</param>
/// <param name="Length">The n of VARCHAR(n) and VARBINARY(n), which what is written must not exceed; a row that the first versions have written may. 0 when not declared.</param>
internal sealed record ColumnSchema(string Name, int Ordinal, SqlType Type, bool Nullable, int KeyPosition, int Precision = 0, int Scale = 0, int Length = 0)
{
    public bool IsKey => KeyPosition >= 0;

    /// <summary>The declared type in the dialect's words, such as <c>DECIMAL(10,2)</c>.</summary>
    public string TypeText => SqlTypes.NameOf(Type, Precision, Scale, Length);
}
