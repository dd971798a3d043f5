using System.Globalization;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Parsing;

/// <summary>Types out of words and numbers. The words are <see cref="SqlTypes"/>' and none of them is reserved.</summary>
internal static class TypeNames
{
    public static TypeName Of(LsmSqlParser.TypeNameContext context, SourceText source)
    {
        var name = string.Join(' ', context.typeWord().Select(static word => word.GetText()).Prepend(context.IDENTIFIER().GetText()));
        if (!SqlTypes.TryFromName(name, out var type))
        {
            throw source.Error(LsmErrorCode.Syntax, $"there is no type '{name}'", context.Start, Hint(name));
        }

        var typeName = new TypeName(source.PlaceOf(context), type, source.Slice(context));
        return context.typeArguments() is { } arguments ? WithArguments(typeName, arguments, source) : typeName;
    }

    private static string Hint(string name) => NearestName.Find(name, SqlTypes.Names) is { } nearest
        ? $"did you mean {nearest}?"
        : "the types are BLOB, TEXT, BOOLEAN, INTEGER, BIGINT, DOUBLE, DECIMAL, UUID, DATE, TIMESTAMP, ANY and more";

    private static TypeName WithArguments(TypeName type, LsmSqlParser.TypeArgumentsContext context, SourceText source)
    {
        var written = context.INTEGER();
        var first = Number(written[0].GetText());
        var second = written.Length > 1 ? Number(written[1].GetText()) : 0;
        switch (type.Type)
        {
            case SqlType.Decimal when first is >= 1 and <= SqlTypes.MaxDecimalPrecision && second <= first:
                return type with { Precision = first, Scale = second };
            case SqlType.Decimal:
                throw source.Error(LsmErrorCode.InvalidDefinition, $"DECIMAL has 1 to {SqlTypes.MaxDecimalPrecision} digits, of which none to all stand behind the point", context.Start);
            case SqlType.Text or SqlType.Blob when written.Length == 1 && first is >= 1 and < int.MaxValue:
                return type with { Length = first };
            case SqlType.Text or SqlType.Blob:
                throw source.Error(LsmErrorCode.InvalidDefinition, "the length of a type is one number from 1", context.Start);
            default:
                throw source.Error(LsmErrorCode.InvalidDefinition, $"{type.Text} takes no numbers", context.Start, "DECIMAL(p, s) and VARCHAR(n) do");
        }
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
