using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>Between the public names of the types and the types themselves, whose numbers are the same but for ANY, which is 0 where it is a default.</summary>
internal static class LsmTypes
{
    public static LsmType Of(SqlType type) => type is SqlType.Any or SqlType.Null ? LsmType.Any : (LsmType)type;

    /// <exception cref="ArgumentOutOfRangeException">The number is no LsmType.</exception>
    public static SqlType ToSqlType(LsmType type)
    {
        if (!Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), type, "This is not an LsmType.");
        }

        return type == LsmType.Any ? SqlType.Any : (SqlType)type;
    }
}
