namespace LsmTree.Data.Values;

/// <summary>The kinds of values that compare with each other. The numbers are the first byte of an ANY key, so they order the classes: never change one.</summary>
internal enum TypeClass : byte
{
    /// <summary>NULL, which compares with nothing.</summary>
    Null = 0,
    Boolean = 0x10,

    /// <summary>Every integer, REAL, DOUBLE, DECIMAL and MONEY: compared by exact numeric value.</summary>
    Number = 0x20,

    /// <summary>DATE, TIMESTAMP and TIMESTAMPTZ: compared as instants, a missing zone being UTC.</summary>
    Moment = 0x30,
    Time = 0x40,
    Uuid = 0x50,

    /// <summary>TEXT and BLOB: compared as bytes, TEXT by its UTF-8, which is code-point order.</summary>
    Bytes = 0x60,

    /// <summary>A column of type ANY, whose values have classes of their own. No value has this class.</summary>
    Any = 0xFF,
}
