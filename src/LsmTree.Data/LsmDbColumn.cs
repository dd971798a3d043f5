using System.Data.Common;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>What is known about a column of a result.</summary>
public sealed class LsmDbColumn : DbColumn
{
    private const int SmallestFloatDigits = 7;
    private const int DoubleDigits = 15;
    private const int DecimalDigits = 28;

    internal LsmDbColumn(ResultColumn column, int ordinal, string catalog, bool isUnique)
    {
        ColumnName = column.Name;
        ColumnOrdinal = ordinal;
        DataType = SqlTypes.ClrTypeOf(column.Type);
        DataTypeName = column.TypeText;
        AllowDBNull = column.Nullable;
        BaseCatalogName = column.BaseTable is null ? null : catalog;
        BaseTableName = column.BaseTable;
        BaseColumnName = column.BaseColumn;
        IsKey = column.IsKey;
        IsUnique = isUnique;
        IsAliased = column.BaseColumn is not null && !column.Name.Equals(column.BaseColumn, StringComparison.OrdinalIgnoreCase);
        IsExpression = column.BaseColumn is null;
        IsReadOnly = column.BaseColumn is null;
        IsAutoIncrement = false;
        IsIdentity = false;
        IsHidden = false;
        IsLong = false;
        ColumnSize = SqlTypes.KeyWidthOf(column.Type) is > 0 and var width ? width : column.Length > 0 ? column.Length : null;
        NumericPrecision = Precision(column);
        NumericScale = column.Type switch
        {
            SqlType.Decimal when column.Precision > 0 => column.Scale,
            SqlType.Money => 4,
            _ when SqlTypes.IsInteger(column.Type) => 0,
            _ => null,
        };
        DbType = SqlTypes.DbTypeOf(column.Type);
        LsmType = LsmTypes.Of(column.Type);
    }

    /// <summary>The type of the column as a parameter's DbType; Object for ANY.</summary>
    public System.Data.DbType DbType { get; }

    /// <summary>The type of the column in the dialect's words.</summary>
    public LsmType LsmType { get; }

    private static int? Precision(ResultColumn column) => column.Type switch
    {
        SqlType.Decimal => column.Precision > 0 ? column.Precision : DecimalDigits,
        SqlType.Money => 19,
        SqlType.Real => SmallestFloatDigits,
        SqlType.Double => DoubleDigits,
        SqlType.UInt8 or SqlType.Int8 => 3,
        SqlType.Int16 or SqlType.UInt16 => 5,
        SqlType.Int32 or SqlType.UInt32 => 10,
        SqlType.Int64 => 19,
        SqlType.UInt64 => 20,
        _ => null,
    };
}
