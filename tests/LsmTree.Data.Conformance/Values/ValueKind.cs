namespace LsmTree.Data.Conformance.Values;

/// <summary>Which value of a type is read.</summary>
public enum ValueKind
{
    Null,
    Empty,
    Zero,
    One,
    Minimum,
    Maximum,
}
