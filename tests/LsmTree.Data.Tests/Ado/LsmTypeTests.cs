using System.Data;
using System.Data.Common;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Ado;

public sealed class LsmTypeTests
{
    public static TheoryData<LsmType> Types() => [.. Enum.GetValues<LsmType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_type_has_a_DbType_of_its_own_and_comes_back_through_it(LsmType type)
    {
        var parameter = new LsmParameter("p", type);
        var dbType = parameter.DbType;
        var other = new LsmParameter("p", DBNull.Value) { DbType = dbType };
        Assert.Equal(type == LsmType.Any ? LsmType.Text : type, other.LsmType); // Any leaves the type to the value, and NULL counts as text
        Assert.Equal(type, LsmTypes.Of(LsmTypes.ToSqlType(type)));
        Assert.Equal(type == LsmType.Any ? DbType.Object : dbType, SqlTypes.DbTypeOf(LsmTypes.ToSqlType(type)));
        Assert.Equal(Enum.GetValues<LsmType>().Length, Enum.GetValues<LsmType>().Select(one => new LsmParameter("p", one) { Value = null }.DbType).Append(DbType.Object).Distinct().Count());
    }

    [Fact]
    public void The_type_follows_from_the_value_until_one_is_set()
    {
        var parameter = new LsmParameter("p", (object)5);
        Assert.Equal(LsmType.Integer, parameter.LsmType);
        parameter.Value = 5L;
        Assert.Equal(LsmType.BigInt, parameter.LsmType);
        Assert.Equal(LsmType.Date, new LsmParameter<DateOnly>("p", default).LsmType);
        parameter.LsmType = LsmType.Money;
        Assert.Equal(DbType.Currency, parameter.DbType);
        parameter.DbType = DbType.Int16;
        Assert.Equal(LsmType.SmallInt, parameter.LsmType);
        parameter.ResetLsmType();
        Assert.Equal(LsmType.BigInt, parameter.LsmType);
        Assert.Equal(DbType.Int64, parameter.DbType);
        parameter.LsmType = LsmType.Any;
        Assert.Equal(LsmType.BigInt, parameter.LsmType);
        Assert.Equal(LsmType.Text, new LsmParameter().LsmType);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameter.LsmType = (LsmType)21);
    }

    [Fact]
    public void A_value_is_sent_as_the_type_that_was_set()
    {
        using var connection = Memory.Open();
        using var command = connection.Command("SELECT @p");
        var parameter = command.Parameters.Add("p", LsmType.UInt8);
        parameter.Value = 7;
        Assert.Equal((byte)7, command.ExecuteScalar());
        parameter.LsmType = LsmType.Money;
        Assert.Equal(7m, command.ExecuteScalar());
        parameter.ResetLsmType();
        Assert.Equal(7, command.ExecuteScalar());
        parameter.LsmType = LsmType.UInt8;
        parameter.Value = 300;
        Assert.Equal("22003", Assert.Throws<LsmException>(() => command.ExecuteScalar()).SqlState);
    }

    [Fact]
    public void A_column_of_a_result_has_its_type()
    {
        using var connection = Memory.Open();
        connection.Execute("CREATE TABLE t (id UINT16 PRIMARY KEY, at TIMESTAMPTZ, what ANY)");
        using var reader = connection.Command("SELECT * FROM t").ExecuteReader();
        Assert.Equal([LsmType.UInt16, LsmType.TimestampTz, LsmType.Any], reader.GetColumnSchema().Cast<LsmDbColumn>().Select(static column => column.LsmType));
    }

    [Fact]
    public void Tools_find_the_property_that_is_the_provider_specific_type()
    {
        var marked = typeof(LsmParameter).GetProperties().Where(static property => property.GetCustomAttributes(typeof(DbProviderSpecificTypePropertyAttribute), inherit: true).Length > 0);
        Assert.Equal(nameof(LsmParameter.LsmType), Assert.Single(marked).Name);
    }

    [Fact]
    public void A_parameter_for_an_adapter_has_a_type_a_size_and_a_column()
    {
        var parameter = new LsmParameter("p", LsmType.Text, 3, "name") { Value = "abcdef" };
        Assert.Equal("name", parameter.SourceColumn);
        using var connection = Memory.Open();
        using var command = connection.Command("SELECT @p");
        command.Parameters.Add(parameter);
        Assert.Equal("abc", command.ExecuteScalar());
    }
}
