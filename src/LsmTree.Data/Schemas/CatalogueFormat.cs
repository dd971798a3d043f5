using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using LsmTree.Data.Rows;
using LsmTree.Data.Values;

namespace LsmTree.Data.Schemas;

/// <summary>The bytes of the catalogue, which is table 0 of the store. Any bytes are safe to read: what is no catalogue is false.</summary>
/// <remarks>
/// <code>
/// marker     key 00 00 00 00 00 "LsmTree catalogue"
///            value "LSMCATLG", then varints: version of the format (1), next table number, schema epoch
/// table      key 00 00 00 00 01, the table's number (4 bytes, big-endian)
///            value version of the format (1), name, number of columns, column*
/// column  := name, type (1 byte), flags (1 byte: 01 nullable), position in the key plus 1 or 0, precision, scale, length
/// name    := varint of its bytes, UTF-8; the other numbers are varints
/// </code>
/// <para>A store that was made by the key-value API may have keys that begin with four zeros, even this one; without the eight letters in its value it
/// is no catalogue.</para>
/// </remarks>
/// <example>
/// The first table of a new database, kv (k ANY PRIMARY KEY, v ANY), is
/// <c>00 00 00 00 01 · 00 00 00 01</c> = <c>01 · 02 6B 76 · 02 · 01 6B 15 00 01 00 00 00 · 01 76 15 01 00 00 00 00</c>.
/// </example>
internal static class CatalogueFormat
{
    public const int Version = 1;

    /// <summary>The most bytes of a name in UTF-8.</summary>
    public const int MaxNameLength = 128;

    private const byte Nullable = 0x01;

    public static ReadOnlySpan<byte> MarkerKey => "\0\0\0\0\0LsmTree catalogue"u8;

    /// <summary>The keys of all tables are from this one …</summary>
    public static ReadOnlySpan<byte> FirstTableKey => [0, 0, 0, 0, 1];

    /// <summary>… to before this one.</summary>
    public static ReadOnlySpan<byte> AfterTableKeys => [0, 0, 0, 0, 2];

    private static ReadOnlySpan<byte> Magic => "LSMCATLG"u8;

    /// <summary>Whether a value of <see cref="MarkerKey"/> is a marker of this or any other version.</summary>
    public static bool IsMarker(ReadOnlySpan<byte> value) => value.StartsWith(Magic);

    public static byte[] EncodeMarker(uint nextTableId, long epoch)
    {
        var bytes = new ByteAppender(stackalloc byte[64]);
        bytes.Append(Magic);
        Varint.Write(ref bytes, Version);
        Varint.Write(ref bytes, nextTableId);
        Varint.Write(ref bytes, (ulong)epoch);
        return bytes.Written.ToArray();
    }

    /// <summary>Reads a marker. When its version is newer, the rest is not read.</summary>
    public static bool TryDecodeMarker(ReadOnlySpan<byte> value, out ulong version, out uint nextTableId, out long epoch)
    {
        nextTableId = 0;
        epoch = 0;
        var position = Magic.Length;
        if (!IsMarker(value) || !Varint.TryRead(value, ref position, value.Length, out version))
        {
            version = 0;
            return false;
        }

        if (version > Version)
        {
            return true;
        }

        if (!Varint.TryRead(value, ref position, value.Length, out var next) || next is 0 or > uint.MaxValue
            || !Varint.TryRead(value, ref position, value.Length, out var count) || count > long.MaxValue
            || position != value.Length || version == 0)
        {
            return false;
        }

        nextTableId = (uint)next;
        epoch = (long)count;
        return true;
    }

    public static byte[] TableKey(uint tableId)
    {
        var key = new byte[FirstTableKey.Length + sizeof(uint)];
        FirstTableKey.CopyTo(key);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(FirstTableKey.Length), tableId);
        return key;
    }

    public static bool TryDecodeTableKey(ReadOnlySpan<byte> key, out uint tableId)
    {
        tableId = 0;
        return key.Length == FirstTableKey.Length + sizeof(uint)
            && key.StartsWith(FirstTableKey)
            && BinaryPrimitives.TryReadUInt32BigEndian(key[FirstTableKey.Length..], out tableId)
            && tableId != 0;
    }

    public static byte[] EncodeTable(TableSchema table)
    {
        var bytes = new ByteAppender(stackalloc byte[512]);
        try
        {
            bytes.Append(Version);
            WriteName(ref bytes, table.Name);
            Varint.Write(ref bytes, (ulong)table.Columns.Count);
            foreach (var column in table.Columns)
            {
                WriteName(ref bytes, column.Name);
                bytes.Append((byte)column.Type);
                bytes.Append(column.Nullable ? Nullable : (byte)0);
                Varint.Write(ref bytes, (ulong)(column.KeyPosition + 1));
                Varint.Write(ref bytes, (ulong)column.Precision);
                Varint.Write(ref bytes, (ulong)column.Scale);
                Varint.Write(ref bytes, (ulong)column.Length);
            }

            return bytes.Written.ToArray();
        }
        finally
        {
            bytes.Dispose();
        }
    }

    public static bool TryDecodeTable(uint tableId, ReadOnlySpan<byte> value, [NotNullWhen(true)] out TableSchema? table)
    {
        table = null;
        var position = 1;
        if (value.IsEmpty || value[0] != Version
            || !TryReadName(value, ref position, out var name)
            || !Varint.TryRead(value, ref position, value.Length, out var count) || count is 0 or > TableSchema.MaxColumns)
        {
            return false;
        }

        var columns = new ColumnSchema[count];
        for (var i = 0; i < columns.Length; i++)
        {
            if (!TryReadColumn(value, ref position, i, out var column))
            {
                return false;
            }

            columns[i] = column;
        }

        var keyColumns = columns.Where(static column => column.IsKey).OrderBy(static column => column.KeyPosition).ToArray();
        var isWhole = position == value.Length
            && keyColumns.Length is > 0 and <= TableSchema.MaxKeyColumns
            && !keyColumns.Where(static (column, place) => column.KeyPosition != place || column.Nullable).Any()
            && columns.DistinctBy(static column => column.Name, StringComparer.OrdinalIgnoreCase).Count() == columns.Length;
        table = isWhole ? new TableSchema(tableId, name, columns, keyColumns) : null;
        return isWhole;
    }

    private static bool TryReadColumn(ReadOnlySpan<byte> value, ref int position, int ordinal, [NotNullWhen(true)] out ColumnSchema? column)
    {
        column = null;
        if (!TryReadName(value, ref position, out var name) || value.Length - position < 2)
        {
            return false;
        }

        var type = (SqlType)value[position++];
        var flags = value[position++];
        if (type is SqlType.Null or > SqlType.Any || flags > Nullable
            || !Varint.TryRead(value, ref position, value.Length, out var keyPosition) || keyPosition > TableSchema.MaxKeyColumns
            || !Varint.TryRead(value, ref position, value.Length, out var precision) || precision > SqlTypes.MaxDecimalPrecision
            || !Varint.TryRead(value, ref position, value.Length, out var scale) || scale > precision
            || !Varint.TryRead(value, ref position, value.Length, out var length) || length > int.MaxValue)
        {
            return false;
        }

        column = new ColumnSchema(name, ordinal, type, flags == Nullable, (int)keyPosition - 1, (int)precision, (int)scale, (int)length);
        return true;
    }

    private static void WriteName(ref ByteAppender destination, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        Varint.Write(ref destination, (ulong)bytes.Length);
        destination.Append(bytes);
    }

    private static bool TryReadName(ReadOnlySpan<byte> value, ref int position, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (!Varint.TryRead(value, ref position, value.Length, out var length) || length is 0 or > MaxNameLength || length > (ulong)(value.Length - position))
        {
            return false;
        }

        name = Encoding.UTF8.GetString(value.Slice(position, (int)length));
        position += (int)length;
        return true;
    }
}
