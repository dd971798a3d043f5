using LsmTree.Data.Tests.Values;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Rows;

/// <summary>The order of keys as bytes is the order of values: per type, mixed in ANY, and across columns.</summary>
public sealed class KeyOrderTests
{
    public static TheoryData<string> Types => new(RandomValues.AllTypes.Append(SqlType.Any).Select(static type => type.ToString()));

    [Theory]
    [MemberData(nameof(Types))]
    public void Bytes_of_one_column_order_as_its_values(string typeName)
    {
        var type = Enum.Parse<SqlType>(typeName);
        var shape = Shapes.Of([type], []);
        var seed = 100 + (int)type;
        var random = new RandomValues(seed);
        for (var i = 0; i < 3000; i++)
        {
            SqlValue[] left = [random.Next(type)];
            SqlValue[] right = [random.Next(type)];
            AssertOrder(shape, left, right, seed);
        }
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    public void Bytes_of_composite_keys_order_column_by_column(int seed)
    {
        var random = new RandomValues(seed);
        for (var i = 0; i < 150; i++)
        {
            var types = Enumerable.Range(0, 1 + random.Next(4)).Select(_ => random.Next(4) == 0 ? SqlType.Any : RandomValues.AllTypes[random.Next(20)]).ToArray();
            var shape = Shapes.Of(types, []);
            for (var j = 0; j < 40; j++)
            {
                SqlValue[] left = [.. types.Select(random.Next)];
                SqlValue[] right = [.. types.Select(random.Next)];

                // Equal beginnings, so that later columns decide.
                left.AsSpan(0, random.Next(types.Length + 1)).CopyTo(right);
                AssertOrder(shape, left, right, seed);
            }
        }
    }

    [Fact]
    public void A_text_that_goes_on_below_what_follows_it_stays_above()
    {
        var shape = Shapes.Of([SqlType.Text, SqlType.Int32], []);
        SqlValue[][] ascending =
        [
            [SqlValue.FromText(""), SqlValue.FromInt32(int.MaxValue)],
            [SqlValue.FromText("\0"), SqlValue.FromInt32(int.MinValue)],
            [SqlValue.FromText("\0\0"), SqlValue.FromInt32(0)],
            [SqlValue.FromText("\0\u0001"), SqlValue.FromInt32(0)],
            [SqlValue.FromText("a"), SqlValue.FromInt32(int.MaxValue)],
            [SqlValue.FromText("a\0"), SqlValue.FromInt32(int.MinValue)],
            [SqlValue.FromText("a\u0001"), SqlValue.FromInt32(int.MinValue)],
            [SqlValue.FromText("aa"), SqlValue.FromInt32(int.MinValue)],
        ];
        for (var i = 1; i < ascending.Length; i++)
        {
            Assert.True(Shapes.KeyOf(shape, ascending[i - 1]).AsSpan().SequenceCompareTo(Shapes.KeyOf(shape, ascending[i])) < 0, $"row {i}");
        }
    }

    private static void AssertOrder(LsmTree.Data.Rows.RowShape shape, SqlValue[] left, SqlValue[] right, int seed)
    {
        var expected = 0;
        for (var i = 0; i < left.Length && expected == 0; i++)
        {
            expected = Math.Sign(Comparison.CompareForSort(left[i], right[i]));
        }

        var found = Math.Sign(Shapes.KeyOf(shape, left).AsSpan().SequenceCompareTo(Shapes.KeyOf(shape, right)));
        if (expected != found)
        {
            Assert.Fail($"seed {seed}: ({Shapes.Show(left)}) and ({Shapes.Show(right)}): {expected}, as bytes {found}");
        }
    }
}
