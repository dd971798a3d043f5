using System.Data;

namespace LsmTree.Data;

/// <summary>The types of the dialect, by its own names: of a parameter, and of a column of a result.</summary>
/// <remarks>Each has one <see cref="DbType"/> of its own, so that a parameter may be given either. <see cref="Any"/> is <see cref="DbType.Object"/>.</remarks>
public enum LsmType
{
    /// <summary>ANY: the type that each value has by itself.</summary>
    Any = 0,

    /// <summary>BOOLEAN: <see cref="bool"/>.</summary>
    Boolean = 1,

    /// <summary>UINT8: <see cref="byte"/>.</summary>
    UInt8 = 2,

    /// <summary>INT8: <see cref="sbyte"/>.</summary>
    Int8 = 3,

    /// <summary>SMALLINT: <see cref="short"/>.</summary>
    SmallInt = 4,

    /// <summary>UINT16: <see cref="ushort"/>.</summary>
    UInt16 = 5,

    /// <summary>INTEGER: <see cref="int"/>.</summary>
    Integer = 6,

    /// <summary>UINT32: <see cref="uint"/>.</summary>
    UInt32 = 7,

    /// <summary>BIGINT: <see cref="long"/>.</summary>
    BigInt = 8,

    /// <summary>UINT64: <see cref="ulong"/>.</summary>
    UInt64 = 9,

    /// <summary>REAL: <see cref="float"/>.</summary>
    Real = 10,

    /// <summary>DOUBLE PRECISION: <see cref="double"/>.</summary>
    Double = 11,

    /// <summary>DECIMAL: <see cref="decimal"/>.</summary>
    Decimal = 12,

    /// <summary>MONEY: <see cref="decimal"/> with four decimals.</summary>
    Money = 13,

    /// <summary>DATE: <see cref="DateOnly"/> or <see cref="DateTime"/>.</summary>
    Date = 14,

    /// <summary>TIME: <see cref="TimeOnly"/> or <see cref="TimeSpan"/>.</summary>
    Time = 15,

    /// <summary>TIMESTAMP: <see cref="DateTime"/>.</summary>
    Timestamp = 16,

    /// <summary>TIMESTAMPTZ: <see cref="DateTimeOffset"/>.</summary>
    TimestampTz = 17,

    /// <summary>UUID: <see cref="Guid"/>.</summary>
    Uuid = 18,

    /// <summary>TEXT: <see cref="string"/>.</summary>
    Text = 19,

    /// <summary>BLOB: an array of <see cref="byte"/>.</summary>
    Blob = 20,
}
