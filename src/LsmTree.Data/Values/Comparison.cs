using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Data.Values;

/// <summary>Which values are equal, which is less. The order of keys is this order, byte for byte: two values are one key exactly when they are equal here.</summary>
/// <remarks>
/// <para>Values compare within a class (<see cref="TypeClass"/>): numbers by exact value whatever their types, TEXT and BLOB as bytes (TEXT by its
/// UTF-8, so in code-point order), DATE, TIMESTAMP and TIMESTAMPTZ as instants, where a moment without zone is taken as UTC.</para>
/// <para>That TEXT compares with BLOB is an extension: it lets a text parameter find the key of a table of bytes.</para>
/// </remarks>
internal static class Comparison
{
    /// <summary>Whether a comparison of the two types makes sense: one class, or NULL or ANY on a side.</summary>
    public static bool AreComparable(SqlType left, SqlType right)
    {
        var leftClass = SqlTypes.ClassOf(left);
        var rightClass = SqlTypes.ClassOf(right);
        return leftClass == rightClass
            || leftClass is TypeClass.Null or TypeClass.Any
            || rightClass is TypeClass.Null or TypeClass.Any;
    }

    /// <summary>Negative, zero or positive; null when either is NULL.</summary>
    /// <exception cref="LsmException">DatatypeMismatch: the values are of different classes.</exception>
    public static int? Compare(in SqlValue left, in SqlValue right)
    {
        if (left.IsNull || right.IsNull)
        {
            return null;
        }

        var leftClass = SqlTypes.ClassOf(left.Type);
        if (leftClass != SqlTypes.ClassOf(right.Type))
        {
            ThrowMismatch(left.Type, right.Type);
        }

        return CompareWithin(leftClass, left, right);
    }

    /// <summary>
    /// As <see cref="Compare"/>, for operands of which one is declared ANY: values of different classes are never equal, and ordered by class,
    /// as the keys of an ANY column are.
    /// </summary>
    public static int? CompareAny(in SqlValue left, in SqlValue right) => left.IsNull || right.IsNull ? null : CompareValues(left, right);

    /// <summary>A total order for ORDER BY, MIN and MAX: NULL after everything else, as in PostgreSQL; values of different classes by class.</summary>
    public static int CompareForSort(in SqlValue left, in SqlValue right) =>
        left.IsNull || right.IsNull ? left.IsNull.CompareTo(right.IsNull) : CompareValues(left, right);

    private static int CompareValues(in SqlValue left, in SqlValue right)
    {
        var leftClass = SqlTypes.ClassOf(left.Type);
        var rightClass = SqlTypes.ClassOf(right.Type);
        return leftClass == rightClass ? CompareWithin(leftClass, left, right) : leftClass.CompareTo(rightClass);
    }

    private static int CompareWithin(TypeClass typeClass, in SqlValue left, in SqlValue right) => typeClass switch
    {
        TypeClass.Number => NumberOrder.Compare(left, right),
        TypeClass.Bytes => TextOrder.Compare(left, right),
        TypeClass.Moment => left.AsUtcTicks().CompareTo(right.AsUtcTicks()),
        TypeClass.Uuid => left.AsUuid().CompareTo(right.AsUuid()),
        _ => left.AsInt64().CompareTo(right.AsInt64()),
    };

    [DoesNotReturn]
    private static void ThrowMismatch(SqlType left, SqlType right) => throw new LsmException(
        LsmErrorCode.DatatypeMismatch,
        $"{SqlTypes.NameOf(left)} does not compare with {SqlTypes.NameOf(right)}",
        hint: "convert one side with CAST");
}
