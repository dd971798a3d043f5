namespace LsmTree.Data.Values;

/// <summary>The types of the dialect. The numbers are stored in the catalogue, in ANY values and in ANY keys: never reuse one.</summary>
internal enum SqlType : byte
{
    /// <summary>The type of a bare NULL; no column has it.</summary>
    Null = 0,
    Boolean = 1,
    UInt8 = 2,
    Int8 = 3,
    Int16 = 4,
    UInt16 = 5,
    Int32 = 6,
    UInt32 = 7,
    Int64 = 8,
    UInt64 = 9,
    Real = 10,
    Double = 11,
    Decimal = 12,
    Money = 13,
    Date = 14,
    Time = 15,
    Timestamp = 16,
    TimestampTz = 17,
    Uuid = 18,
    Text = 19,
    Blob = 20,

    /// <summary>Any of the others, value by value. A column or result may have this type; a value never does.</summary>
    Any = 21,
}
