namespace LsmTree.Data.Values;

/// <summary>Equality of values for sets of rows (UNION): as <see cref="Comparison"/> says, and NULL is like NULL.</summary>
internal sealed class SqlValueEquality : IEqualityComparer<SqlValue>
{
    public static readonly SqlValueEquality Instance = new();

    private SqlValueEquality()
    {
    }

    public bool Equals(SqlValue x, SqlValue y) => Comparison.CompareForSort(x, y) == 0;

    public int GetHashCode(SqlValue obj)
    {
        var typeClass = SqlTypes.ClassOf(obj.Type);
        return typeClass switch
        {
            TypeClass.Null => 0,
            TypeClass.Number => NumberOrder.HashOf(obj),
            TypeClass.Bytes => HashOfBytes(obj),
            TypeClass.Moment => obj.AsUtcTicks().GetHashCode(),
            TypeClass.Uuid => obj.AsUuid().GetHashCode(),
            _ => HashCode.Combine(typeClass, obj.AsInt64()),
        };
    }

    private static int HashOfBytes(in SqlValue value)
    {
        using var bytes = new Utf8Bytes(value, stackalloc byte[Utf8Bytes.ScratchLength]);
        var hash = new HashCode();
        hash.AddBytes(bytes.Span);
        return hash.ToHashCode();
    }
}
