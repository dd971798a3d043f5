using LsmTree.Data;
using LsmTree.Data.Rows;
using LsmTree.Data.Values;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Stored rows, keys and values, of tables of all types. What was not changed must read as it was written.</summary>
internal sealed class RowTarget() : FuzzTarget("row", 5_000)
{
    public override int Execute(ref Dice dice)
    {
        var shape = DrawShape(ref dice);
        var row = new SqlValue[shape.ColumnCount];
        foreach (var column in shape.KeyColumns)
        {
            row[column.Ordinal] = Draw(column.Type, ref dice);
        }

        foreach (var column in shape.RowColumns)
        {
            row[column.Ordinal] = dice.Once(5) ? SqlValue.Null : Draw(column.Type, ref dice);
        }

        var (key, value) = Write(shape, row);
        var reader = new RowReader(shape);
        reader.Load(key, value);
        for (var i = 0; i < row.Length; i++)
        {
            reader.GetValue(i, out var read);
            if (read.Type != row[i].Type || ValueFormat.ToText(read) != ValueFormat.ToText(row[i]))
            {
                throw new FuzzException($"column {i}: {row[i].Type} {ValueFormat.ToText(row[i])} reads {read.Type} {ValueFormat.ToText(read)}");
            }
        }

        for (var times = 0; times < 3; times++)
        {
            reader.Load(dice.Once(3) ? key : Mutation.Of(key, ref dice), dice.Once(3) ? value : Mutation.Of(value, ref dice));
            Read(reader, ref dice);
        }

        return 4;
    }

    private static void Read(RowReader reader, ref Dice dice)
    {
        var first = dice.Below(reader.Shape.ColumnCount);
        for (var i = 0; i < reader.Shape.ColumnCount; i++)
        {
            try
            {
                reader.GetValue((first + i) % reader.Shape.ColumnCount, out var value);
                _ = ValueFormat.ToText(value);
            }
            catch (LsmException error) when (error.Code == LsmErrorCode.Corruption)
            {
                return;
            }
        }
    }

    private static RowShape DrawShape(ref Dice dice)
    {
        var key = new StoredColumn[1 + dice.Below(3)];
        var row = new StoredColumn[dice.Below(5)];
        for (var i = 0; i < key.Length; i++)
        {
            key[i] = new StoredColumn(i, (SqlType)(1 + dice.Below((int)SqlType.Any)));
        }

        for (var i = 0; i < row.Length; i++)
        {
            row[i] = new StoredColumn(key.Length + i, (SqlType)(1 + dice.Below((int)SqlType.Any)));
        }

        return new RowShape(7, isRaw: false, key, row);
    }

    private static (byte[] Key, byte[] Row) Write(RowShape shape, SqlValue[] row)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        var value = new RowWriter(stackalloc byte[RowWriter.ScratchLength]);
        try
        {
            shape.WriteKey(ref key, row);
            value.Write(shape, row);
            return (key.Written.ToArray(), value.Written.ToArray());
        }
        finally
        {
            key.Dispose();
            value.Dispose();
        }
    }

    private static SqlValue Draw(SqlType type, ref Dice dice)
    {
        var number = (long)dice.Next() >> dice.Below(64);
        return type switch
        {
            SqlType.Boolean => SqlValue.FromBoolean(number > 0),
            SqlType.UInt8 => SqlValue.FromInteger(type, (byte)number),
            SqlType.Int8 => SqlValue.FromInteger(type, (sbyte)number),
            SqlType.Int16 => SqlValue.FromInteger(type, (short)number),
            SqlType.UInt16 => SqlValue.FromInteger(type, (ushort)number),
            SqlType.Int32 => SqlValue.FromInt32((int)number),
            SqlType.UInt32 => SqlValue.FromInteger(type, (uint)number),
            SqlType.Int64 or SqlType.UInt64 => SqlValue.FromInteger(type, number),
            SqlType.Real => SqlValue.FromReal((int)number / 8f),
            SqlType.Double => SqlValue.FromDouble(number / 8d),
            SqlType.Decimal => SqlValue.FromDecimal(new decimal((int)number, (int)(number >> 32), 0, number < 0, (byte)dice.Below(20))),
            SqlType.Money => SqlValue.FromMoney(new decimal((int)number, 0, 0, number < 0, 4)),
            SqlType.Date => SqlValue.FromDate(DateOnly.FromDayNumber((int)((ulong)number % (ulong)DateOnly.MaxValue.DayNumber))),
            SqlType.Time => SqlValue.FromTime((long)((ulong)number % TimeSpan.TicksPerDay)),
            SqlType.Timestamp => SqlValue.FromTimestamp(new DateTime((long)((ulong)number % (ulong)DateTime.MaxValue.Ticks))),
            SqlType.TimestampTz => SqlValue.FromTimestampTz(new DateTimeOffset(DateTime.UnixEpoch.AddSeconds((int)number).Ticks, TimeSpan.FromMinutes(dice.Below(841) - 420))),
            SqlType.Uuid => SqlValue.FromUuid(new Guid((int)number, (short)number, (short)(number >> 16), 1, 2, 3, 4, 5, 6, 7, (byte)number)),
            SqlType.Text => SqlValue.FromText(DrawText(ref dice)),
            SqlType.Blob => SqlValue.FromBlob(Mutation.Of([0, 1, 0xFF, 0], ref dice)),
            _ => Draw((SqlType)(1 + dice.Below((int)SqlType.Blob)), ref dice),
        };
    }

    private static string DrawText(ref Dice dice) => dice.Below(5) switch
    {
        0 => "",
        1 => "a\0b",
        2 => "\0",
        3 => "\U0001F600é\uFF61",
        _ => new string((char)('a' + dice.Below(26)), dice.Below(40)),
    };
}
