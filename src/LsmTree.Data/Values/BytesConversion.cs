using System.Text;
using System.Text.Unicode;

namespace LsmTree.Data.Values;

/// <summary>TEXT to BLOB and back by UTF-8; sixteen bytes to a UUID.</summary>
internal static class BytesConversion
{
    public static SqlValue ToBlob(in SqlValue text)
    {
        if (text.IsUtf8)
        {
            return text.SliceAsBlob();
        }

        using var bytes = new Utf8Bytes(text, stackalloc byte[Utf8Bytes.ScratchLength]);
        if (!bytes.IsWellFormed)
        {
            throw new LsmException(LsmErrorCode.InvalidConversion, "TEXT with an unpaired surrogate has no UTF-8");
        }

        return SqlValue.FromBlob(bytes.Span.ToArray());
    }

    public static SqlValue ToText(in SqlValue blob)
    {
        if (!Utf8.IsValid(blob.AsSpan()))
        {
            throw new LsmException(LsmErrorCode.InvalidConversion, "The bytes of the BLOB are not UTF-8", hint: "HEX(value) gives them as text");
        }

        return SqlValue.FromText(Encoding.UTF8.GetString(blob.AsSpan()));
    }

    public static SqlValue ToUuid(in SqlValue blob)
    {
        var bytes = blob.AsSpan();
        return bytes.Length == 16
            ? SqlValue.FromUuid(new Guid(bytes, bigEndian: true))
            : throw new LsmException(LsmErrorCode.InvalidConversion, $"A UUID has 16 bytes, the BLOB has {bytes.Length}");
    }
}
