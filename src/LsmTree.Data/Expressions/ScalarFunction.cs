namespace LsmTree.Data.Expressions;

/// <summary>The functions of one row; COALESCE and CASE have nodes of their own.</summary>
internal enum ScalarFunction
{
    Length,
    Lower,
    Upper,
    Substr,
    Hex,
}
