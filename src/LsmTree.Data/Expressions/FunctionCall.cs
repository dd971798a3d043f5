using System.Text;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>A call of a <see cref="ScalarFunction"/>. NULL in any argument gives NULL.</summary>
/// <remarks>
/// Lengths and positions count code points in TEXT and bytes in BLOB, as in PostgreSQL. LOWER and UPPER follow the invariant culture.
/// SUBSTR counts from 1; a start before that eats into the length, as in PostgreSQL.
/// </remarks>
internal sealed class FunctionCall(ScalarFunction function, SqlType type, BoundExpression[] arguments) : BoundExpression(type, Operands.InputsOf(arguments))
{
    public ScalarFunction Function => function;

    public IReadOnlyList<BoundExpression> Arguments => arguments;

    public override void Evaluate(EvaluationFrame frame, out SqlValue value)
    {
        arguments[0].Evaluate(frame, out var first);
        if (first.IsNull)
        {
            value = SqlValue.Null;
            return;
        }

        value = function switch
        {
            ScalarFunction.Length => SqlValue.FromInt64(LengthOf(first)),
            ScalarFunction.Lower => SqlValue.FromText(TextOf(first).ToLowerInvariant()),
            ScalarFunction.Upper => SqlValue.FromText(TextOf(first).ToUpperInvariant()),
            ScalarFunction.Hex => SqlValue.FromText(HexOf(first)),
            ScalarFunction.Substr => SubstringOf(first, frame),
            _ => throw new InvalidOperationException($"{function} has no evaluation."),
        };
    }

    private static long LengthOf(in SqlValue value)
    {
        if (value.Type == SqlType.Blob)
        {
            return value.AsSpan().Length;
        }

        if (value.IsUtf8)
        {
            var count = 0L;
            foreach (var unit in value.AsSpan())
            {
                count += (unit & 0xC0) == 0x80 ? 0 : 1; // continuation bytes do not begin a code point
            }

            return count;
        }

        var text = TextOf(value);
        var points = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            points -= char.IsSurrogatePair(text[i - 1], text[i]) ? 1 : 0;
        }

        return points;
    }

    private static string HexOf(in SqlValue value) =>
        Convert.ToHexString(value.Type == SqlType.Blob || value.IsUtf8 ? value.AsSpan() : Encoding.UTF8.GetBytes(TextOf(value)));

    private SqlValue SubstringOf(in SqlValue value, EvaluationFrame frame)
    {
        arguments[1].Evaluate(frame, out var startValue);
        var countValue = SqlValue.FromInt64(int.MaxValue);
        if (arguments.Length > 2)
        {
            arguments[2].Evaluate(frame, out countValue);
        }

        if (startValue.IsNull || countValue.IsNull)
        {
            return SqlValue.Null;
        }

        var count = Conversion.Cast(countValue, SqlType.Int64).AsInt64();
        if (count < 0)
        {
            throw new LsmException(LsmErrorCode.OutOfRange, "The length given to SUBSTR is negative");
        }

        // [start, end) from 1; computed wide, because a start near either end of INT64 is legal.
        Int128 start = Conversion.Cast(startValue, SqlType.Int64).AsInt64();
        var end = start + count;
        start = Int128.Max(start, 1);
        var length = LengthOf(value);
        end = Int128.Min(end, (Int128)length + 1);
        if (end <= start)
        {
            return value.Type == SqlType.Blob ? SqlValue.FromBlob([]) : SqlValue.FromText("");
        }

        var skip = (int)(start - 1);
        var take = (int)(end - start);
        if (value.Type == SqlType.Blob)
        {
            return SqlValue.FromBlob(value.AsSpan().Slice(skip, take).ToArray());
        }

        var text = TextOf(value);
        var from = UnitOffset(text, 0, skip);
        return SqlValue.FromText(text[from..UnitOffset(text, from, take)]);
    }

    private static int UnitOffset(string text, int from, int points)
    {
        for (; points > 0; points--)
        {
            from += from + 1 < text.Length && char.IsSurrogatePair(text[from], text[from + 1]) ? 2 : 1;
        }

        return from;
    }

    private static string TextOf(in SqlValue value) =>
        value.Type == SqlType.Text ? value.AsString() : Conversion.Cast(value, SqlType.Text).AsString();
}
