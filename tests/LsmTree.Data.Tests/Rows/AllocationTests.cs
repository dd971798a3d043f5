using LsmTree.Data.Rows;
using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

/// <summary>Keys and rows are written on the stack and read in place: the hot path of a point read or write makes no garbage here.</summary>
public sealed class AllocationTests
{
    [Fact]
    public void Writing_and_reading_a_row_allocates_nothing()
    {
        var shape = Shapes.Of([SqlType.Text, SqlType.Any], [SqlType.Int32, SqlType.Blob, SqlType.Timestamp, SqlType.Any]);
        SqlValue[] row =
        [
            SqlValue.FromText("région"), SqlValue.FromInt64(42), SqlValue.FromInt32(7), SqlValue.FromBlob([1, 2, 3]),
            SqlValue.FromTimestamp(new DateTime(2024, 2, 29)), SqlValue.FromDecimal(1.50m),
        ];
        var reader = new RowReader(shape);
        Assert.Equal(0, Allocations.Least(() => WriteAndRead(shape, row, reader)));
    }

    [Fact]
    public void Comparing_texts_and_numbers_allocates_nothing()
    {
        var text = SqlValue.FromText("some text, some more");
        var utf8 = RandomValues.Utf8("some text, some else");
        var whole = SqlValue.FromInt64(9007199254740993);
        var floating = SqlValue.FromDouble(9007199254740992);
        var money = SqlValue.FromMoney(12.5m);
        Assert.Equal(0, Allocations.Least(() =>
        {
            Assert.True(Comparison.Compare(text, utf8) > 0);
            Assert.True(Comparison.Compare(whole, floating) > 0);
            Assert.True(Comparison.Compare(money, whole) < 0);
        }));
    }

    private static void WriteAndRead(RowShape shape, SqlValue[] row, RowReader reader)
    {
        var key = new KeyWriter(stackalloc byte[KeyWriter.ScratchLength]);
        var writer = new RowWriter(stackalloc byte[RowWriter.ScratchLength]);
        shape.WriteKey(ref key, row);
        writer.Write(shape, row);
        reader.Load(key.Written, writer.Written);
        for (var ordinal = 0; ordinal < row.Length; ordinal++)
        {
            reader.GetValue(ordinal, out var value);
            if (value.Type != row[ordinal].Type)
            {
                Assert.Fail($"column {ordinal}");
            }
        }

        writer.Dispose();
        key.Dispose();
    }
}
