using System.Data;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Values;

public sealed class SqlTypesTests
{
    [Fact]
    public void Twenty_types_have_twenty_distinct_db_types_and_names_that_lead_back()
    {
        Assert.Equal(20, RandomValues.AllTypes.Length);
        Assert.Equal(20, RandomValues.AllTypes.Select(SqlTypes.DbTypeOf).Distinct().Count());
        Assert.All(RandomValues.AllTypes, static type =>
        {
            Assert.Equal(type, SqlTypes.FromDbType(SqlTypes.DbTypeOf(type)));
            Assert.True(SqlTypes.TryFromName(SqlTypes.NameOf(type), out var named));
            Assert.Equal(type, named);
        });
    }

    [Fact]
    public void Every_db_type_names_a_type()
    {
        Assert.All(Enum.GetValues<DbType>(), static type => Assert.NotEqual(SqlType.Null, SqlTypes.FromDbType(type)));
        Assert.Equal(SqlType.Any, SqlTypes.FromDbType(DbType.Object));
        Assert.Equal(SqlType.Timestamp, SqlTypes.FromDbType(DbType.DateTime2));
        Assert.Throws<ArgumentOutOfRangeException>(static () => SqlTypes.FromDbType((DbType)999));
    }

    [Theory]
    [InlineData("int", "INTEGER")]
    [InlineData("Double Precision", "DOUBLE")]
    [InlineData("timestamp with time zone", "TIMESTAMPTZ")]
    [InlineData("varchar", "TEXT")]
    [InlineData("guid", "UUID")]
    [InlineData("bytea", "BLOB")]
    public void Synonyms_in_any_case(string name, string expected)
    {
        Assert.True(SqlTypes.TryFromName(name, out var type));
        Assert.Equal(expected, SqlTypes.NameOf(type));
        Assert.False(SqlTypes.TryFromName(name + "x", out _));
    }

    [Fact]
    public void Declared_types_are_written_with_their_numbers()
    {
        Assert.Equal("DECIMAL(10,2)", SqlTypes.NameOf(SqlType.Decimal, 10, 2, 0));
        Assert.Equal("DECIMAL", SqlTypes.NameOf(SqlType.Decimal, 0, 0, 0));
        Assert.Equal("VARCHAR(20)", SqlTypes.NameOf(SqlType.Text, 0, 0, 20));
        Assert.Equal("VARBINARY(20)", SqlTypes.NameOf(SqlType.Blob, 0, 0, 20));
        Assert.Equal("TEXT", SqlTypes.NameOf(SqlType.Text, 0, 0, 0));
    }

    [Theory]
    [InlineData("SMALLINT", "INTEGER", "INTEGER")]
    [InlineData("UINT8", "INT8", "SMALLINT")]
    [InlineData("UINT32", "INTEGER", "BIGINT")]
    [InlineData("UINT32", "BIGINT", "BIGINT")]
    [InlineData("UINT64", "INT8", "DECIMAL")]
    [InlineData("UINT64", "UINT8", "UINT64")]
    [InlineData("REAL", "REAL", "REAL")]
    [InlineData("REAL", "INTEGER", "DOUBLE")]
    [InlineData("DECIMAL", "DOUBLE", "DOUBLE")]
    [InlineData("MONEY", "INTEGER", "DECIMAL")]
    [InlineData("DATE", "TIMESTAMPTZ", "TIMESTAMPTZ")]
    [InlineData("TEXT", "BLOB", "BLOB")]
    [InlineData("TEXT", "ANY", "ANY")]
    [InlineData("TEXT", "INTEGER", null)]
    [InlineData("TIME", "TIMESTAMP", null)]
    public void Types_meet_in_a_common_type(string left, string right, string? expected)
    {
        Assert.True(SqlTypes.TryFromName(left, out var leftType));
        Assert.True(SqlTypes.TryFromName(right, out var rightType));
        foreach (var (one, other) in new[] { (leftType, rightType), (rightType, leftType) })
        {
            Assert.Equal(expected is not null, SqlTypes.TryCommonType(one, other, out var common));
            Assert.Equal(expected ?? "NULL", SqlTypes.NameOf(common));
        }

        Assert.True(SqlTypes.TryCommonType(leftType, SqlType.Null, out var beside));
        Assert.Equal(leftType, beside);
    }
}
