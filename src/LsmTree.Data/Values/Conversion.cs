using System.Data;
using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Data.Values;

/// <summary>From one type to another: on assignment, by CAST, and to and from what ADO.NET users hold in their hands.</summary>
/// <remarks>
/// <para>The table, after PostgreSQL's casts; "=" assigns, "cast" needs CAST, a blank is DatatypeMismatch. NULL stays NULL, and ANY takes everything.</para>
/// <code>
/// from \ to   BOOLEAN  number  DATE  TIMESTAMP  TIMESTAMPTZ  TIME  UUID  TEXT  BLOB
/// BOOLEAN     =        cast                                              =
/// number      cast     =                                                 =
/// DATE                         =     =          =                        =
/// TIMESTAMP                    =     =          =            =           =
/// TIMESTAMPTZ                  =     =          =            =           =
/// TIME                                                       =           =
/// UUID                                                             =     =     cast
/// TEXT        =        =       =     =          =            =     =     =     =
/// BLOB                                                             cast  cast  =
/// </code>
/// <para>Numbers: DECIMAL and MONEY round half away from zero, REAL and DOUBLE round half to even, and what does not fit is OutOfRange; DOUBLE to
/// DECIMAL keeps 15 digits. Moments lose what the target has no room for; a missing zone is UTC. TEXT is read and written in PostgreSQL's
/// formats, whatever the culture. Between TEXT and BLOB the bytes are UTF-8 (an extension: PostgreSQL has its hex and escape formats there), and
/// between UUID and BLOB the sixteen bytes of RFC 9562.</para>
/// </remarks>
internal static class Conversion
{
    /// <summary>The value as a column of the type stores it.</summary>
    /// <param name="value">Any value; NULL stays NULL.</param>
    /// <param name="target">The type of the column; ANY takes the value as it is.</param>
    /// <param name="precision">The p of DECIMAL(p, s); 0 when not declared.</param>
    /// <param name="scale">The s of DECIMAL(p, s).</param>
    /// <exception cref="LsmException">DatatypeMismatch: no such assignment. InvalidConversion: the text does not say such a value. OutOfRange: it does not fit.</exception>
    public static SqlValue Convert(in SqlValue value, SqlType target, int precision = 0, int scale = 0)
    {
        if (value.Type == target && precision == 0 || value.IsNull || target == SqlType.Any)
        {
            return value;
        }

        return (SqlTypes.ClassOf(value.Type), SqlTypes.ClassOf(target)) switch
        {
            (TypeClass.Number, TypeClass.Number) => NumberConversion.Convert(value, target, precision, scale),
            (TypeClass.Moment, TypeClass.Moment) => MomentConversion.Convert(value, target),
            (TypeClass.Moment, TypeClass.Time) when value.Type != SqlType.Date => MomentConversion.ToTime(value),
            (TypeClass.Bytes, _) when value.Type == SqlType.Text => FromText(value, target, precision, scale),
            (_, TypeClass.Bytes) when target == SqlType.Text && value.Type != SqlType.Blob => SqlValue.FromText(ValueFormat.ToText(value)),
            _ => ThrowMismatch(value.Type, target),
        };
    }

    /// <summary>CAST(value AS target): every assignment, and the casts that must be asked for.</summary>
    /// <inheritdoc cref="Convert"/>
    public static SqlValue Cast(in SqlValue value, SqlType target, int precision = 0, int scale = 0) => (value.Type, target) switch
    {
        (SqlType.Boolean, >= SqlType.UInt8 and <= SqlType.Money) => NumberConversion.Convert(SqlValue.FromInt32(value.AsBoolean() ? 1 : 0), target, precision, scale),
        (>= SqlType.UInt8 and <= SqlType.Money, SqlType.Boolean) => SqlValue.FromBoolean(!NumberConversion.IsZero(value)),
        (SqlType.Blob, SqlType.Text) => BytesConversion.ToText(value),
        (SqlType.Blob, SqlType.Uuid) => BytesConversion.ToUuid(value),
        (SqlType.Uuid, SqlType.Blob) => SqlValue.FromBlob(value.AsUuid().ToByteArray(bigEndian: true)),
        _ => Convert(value, target, precision, scale),
    };

    /// <summary>The value that a parameter carries.</summary>
    /// <param name="value">The CLR value; <see cref="DBNull.Value"/> for NULL. Byte arrays are not copied.</param>
    /// <param name="declared">The type set on the parameter; null, or <see cref="DbType.Object"/>, to go by the CLR type.</param>
    /// <exception cref="InvalidOperationException">The value is null.</exception>
    /// <exception cref="NotSupportedException">The CLR type has no counterpart; the message names it.</exception>
    /// <exception cref="LsmException">The value does not convert to the declared type.</exception>
    public static SqlValue FromClr(object? value, DbType? declared = null) => ClrConversion.FromClr(value, declared);

    /// <summary>What ADO.NET gives for the value: the type of <see cref="SqlTypes.ClrTypeOf"/>, or <see cref="DBNull.Value"/>. A BLOB is copied.</summary>
    public static object ToClr(in SqlValue value) => ClrConversion.ToClr(value);

    private static SqlValue FromText(in SqlValue value, SqlType target, int precision, int scale)
    {
        if (target == SqlType.Text)
        {
            return value;
        }

        if (target == SqlType.Blob)
        {
            return BytesConversion.ToBlob(value);
        }

        var parsed = ValueParser.Parse(value.AsString(), target);
        return precision > 0 ? Convert(parsed, target, precision, scale) : parsed;
    }

    [DoesNotReturn]
    private static SqlValue ThrowMismatch(SqlType source, SqlType target) => throw new LsmException(
        LsmErrorCode.DatatypeMismatch,
        $"{SqlTypes.NameOf(source)} does not convert to {SqlTypes.NameOf(target)}");
}
