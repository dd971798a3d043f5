namespace LsmTree.Data.Values;

/// <summary>How a value lies among the values of another type; what <see cref="Bound.Floor"/> answers.</summary>
internal enum BoundFit
{
    /// <summary>The type has this very value.</summary>
    Exact,

    /// <summary>The type has no such value, but lesser ones; the floor is the greatest of them.</summary>
    Between,

    /// <summary>Every value of the type is greater; there is no floor.</summary>
    BelowAll,
}
