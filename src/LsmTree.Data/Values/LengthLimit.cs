using System.Text;

namespace LsmTree.Data.Values;

/// <summary>The n of VARCHAR(n), in code points, and of VARBINARY(n), in bytes.</summary>
/// <remarks>
/// As in PostgreSQL and the SQL standard: a text that is stored may be longer by spaces only, which are cut off; CAST cuts whatever is too much. Nothing
/// is filled up, whichever of its names the type is declared by.
/// </remarks>
internal static class LengthLimit
{
    /// <summary>The value as a column of the length stores it.</summary>
    /// <param name="value">A TEXT or BLOB; anything else stays as it is.</param>
    /// <param name="length">The most characters or bytes; 0 for any number.</param>
    /// <exception cref="LsmException">ValueTooLong.</exception>
    public static SqlValue Fit(in SqlValue value, int length)
    {
        if (!Exceeds(value, length, out var end))
        {
            return value;
        }

        if (value.Type == SqlType.Blob || !IsSpaces(value, end))
        {
            throw new LsmException(
                LsmErrorCode.ValueTooLong, $"the value is longer than {SqlTypes.NameOf(value.Type, 0, 0, length)}", hint: "CAST cuts off what is too much");
        }

        return Begin(value, end);
    }

    /// <summary>The first characters or bytes of the value, no more than the length.</summary>
    /// <inheritdoc cref="Fit"/>
    public static SqlValue Cut(in SqlValue value, int length) => Exceeds(value, length, out var end) ? Begin(value, end) : value;

    /// <param name="value">A value.</param>
    /// <param name="length">The most characters or bytes; 0 for any number.</param>
    /// <param name="end">Where the excess begins, in bytes, or in UTF-16 units of a text that is held in them.</param>
    private static bool Exceeds(in SqlValue value, int length, out int end)
    {
        end = length;
        if (length == 0 || value.Type is not (SqlType.Text or SqlType.Blob))
        {
            return false;
        }

        if (value.Type == SqlType.Blob)
        {
            return value.AsSpan().Length > length;
        }

        if (!value.IsUtf8)
        {
            var text = value.AsString();
            if (text.Length <= length)
            {
                return false; // a character has a unit at least
            }

            end = 0;
            foreach (var point in text.EnumerateRunes())
            {
                if (length-- == 0)
                {
                    return true;
                }

                end += point.Utf16SequenceLength;
            }

            return false;
        }

        var bytes = value.AsSpan();
        if (bytes.Length <= length)
        {
            return false;
        }

        for (end = 0; end < bytes.Length; end++)
        {
            if ((bytes[end] & 0xC0) != 0x80 && length-- == 0) // continuation bytes do not begin a character
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsSpaces(in SqlValue text, int from) => text.IsUtf8
        ? !text.AsSpan()[from..].ContainsAnyExcept((byte)' ')
        : !text.AsString().AsSpan(from).ContainsAnyExcept(' ');

    private static SqlValue Begin(in SqlValue value, int end) =>
        value.Type == SqlType.Blob ? SqlValue.FromBlob(value.AsSpan()[..end].ToArray())
        : value.IsUtf8 ? SqlValue.FromText(Encoding.UTF8.GetString(value.AsSpan()[..end]))
        : SqlValue.FromText(value.AsString()[..end]);
}
