using LsmTree.Data.Values;

namespace LsmTree.Data.Schemas;

/// <summary>A column of a result, fixed when the statement is planned (a parameter's type: when it is executed).</summary>
/// <param name="Name">The alias, the column's name, or the expression's text.</param>
/// <param name="Type">The type; <see cref="SqlType.Any"/> when values differ.</param>
/// <param name="TypeText">The declared type in the dialect's words, such as <c>DECIMAL(10,2)</c>.</param>
/// <param name="Nullable">False when no value can be NULL.</param>
/// <param name="BaseTable">The table it comes from unchanged; null for an expression.</param>
/// <param name="BaseColumn">The column it comes from unchanged; null for an expression.</param>
/// <param name="IsKey">True when it is a column of its table's primary key.</param>
/// <param name="Precision">Precision of a DECIMAL, 0 when not declared.</param>
/// <param name="Scale">Scale of a DECIMAL, 0 when not declared.</param>
/// <param name="Length">The n of VARCHAR(n), in characters, or of VARBINARY(n), in bytes; 0 when not declared.</param>
internal sealed record ResultColumn(string Name, SqlType Type, string TypeText, bool Nullable = true, string? BaseTable = null, string? BaseColumn = null, bool IsKey = false, int Precision = 0, int Scale = 0, int Length = 0);
