namespace LsmTree.Data.Differential.Statements;

/// <summary>The types of the common subset: of columns, of expressions, and of results, by which results are made comparable.</summary>
internal enum Kind
{
    SmallInt,
    Integer,
    BigInt,
    Decimal,
    Double,
    Text,
    Blob,
    Boolean,
    Uuid,
    Date,
    Time,
    Timestamp,
}
