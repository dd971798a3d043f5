namespace LsmTree.Data.Conformance.Values;

/// <summary>Twenty types, six kinds of value, every accessor, three ways to call it: each gives the value or the exception of the table, exactly.</summary>
public sealed class ValueConversionTests(SampleTable table) : IClassFixture<SampleTable>
{
    public static TheoryData<DbType, ValueKind> Values
    {
        get
        {
            var values = new TheoryData<DbType, ValueKind>();
            foreach (var (type, _, samples) in SampleValues.All)
            {
                values.Add(type, ValueKind.Null);
                foreach (var sample in samples)
                {
                    values.Add(type, sample.Kind);
                }
            }

            return values;
        }
    }

    public static TheoryData<DbType, ValueKind, string> Conversions
    {
        get
        {
            var conversions = new TheoryData<DbType, ValueKind, string>();
            foreach (var value in Values)
            {
                foreach (var accessor in ConversionTable.Accessors)
                {
                    conversions.Add(value.Data.Item1, value.Data.Item2, accessor);
                }
            }

            return conversions;
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void GetValue_gives_the_value_and_GetFieldType_its_type(DbType type, ValueKind kind)
    {
        var reader = table.Row(type, kind);
        var expected = SampleValues.Value(type, kind) ?? DBNull.Value;
        AssertSame(expected, reader.GetValue(0));
        AssertSame(expected, reader[0]);
        AssertSame(expected, reader.GetFieldValue<object>(0));
        Assert.Equal(kind == ValueKind.Null, reader.IsDBNull(0));
        Assert.Equal(SampleValues.All.Single(sample => sample.Type == type).Values[0].Value.GetType(), reader.GetFieldType(0));
        Assert.Equal(SampleValues.All.Single(sample => sample.Type == type).Name, reader.GetDataTypeName(0));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_parameter_brings_the_value_back_with_its_type(DbType type, ValueKind kind)
    {
        var value = SampleValues.Value(type, kind);
        if (value is null)
        {
            return;
        }

        using var command = table.Connection.Command("SELECT @value");
        command.Add("@value", value).DbType = type;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        AssertSame(value, reader.GetValue(0));
        Assert.Equal(value.GetType(), reader.GetFieldType(0));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_stored_value_is_found_by_a_parameter(DbType type, ValueKind kind)
    {
        var value = SampleValues.Value(type, kind);
        if (value is null)
        {
            return;
        }

        using var command = table.Connection.Command($"SELECT COUNT(*) FROM sample WHERE kind = {(int)kind} AND v{type} = @value");
        command.Add("@value", value).DbType = type;
        Assert.Equal(1L, command.ExecuteScalar());
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Conversions))]
    public async Task Conversion(DbType type, ValueKind kind, string accessor)
    {
        var reader = table.Row(type, kind);
        var expected = ConversionTable.Expected(type, accessor, SampleValues.Value(type, kind));
        Assert.Equal(expected, Outcome(() => Get(reader, accessor)), Comparer);
        switch (accessor)
        {
            case "Bool": await Check<bool>(); break;
            case "Byte": await Check<byte>(); break;
            case "SByte": await Check<sbyte>(); break;
            case "Char": await Check<char>(); break;
            case "DateTime": await Check<DateTime>(); break;
            case "Offset": await Check<DateTimeOffset>(); break;
            case "DateOnly": await Check<DateOnly>(); break;
            case "TimeOnly": await Check<TimeOnly>(); break;
            case "TimeSpan": await Check<TimeSpan>(); break;
            case "Decimal": await Check<decimal>(); break;
            case "Double": await Check<double>(); break;
            case "Float": await Check<float>(); break;
            case "Guid": await Check<Guid>(); break;
            case "I16": await Check<short>(); break;
            case "I32": await Check<int>(); break;
            case "I64": await Check<long>(); break;
            case "U16": await Check<ushort>(); break;
            case "U32": await Check<uint>(); break;
            case "U64": await Check<ulong>(); break;
            case "String": await Check<string>(); break;
            default: await Check<byte[]>(); break;
        }

        async Task Check<T>()
        {
            Assert.Equal(expected, Outcome(() => reader.GetFieldValue<T>(0)!), Comparer);
            var task = reader.GetFieldValueAsync<T>(0);
            Assert.Equal(expected, task.IsFaulted ? task.Exception.InnerException!.GetType() : await task, Comparer);
        }
    }

    private static object Get(DbDataReader reader, string accessor)
    {
        var typed = (LsmDataReader)reader;
        return accessor switch
        {
            "Bool" => reader.GetBoolean(0),
            "Byte" => reader.GetByte(0),
            "SByte" => typed.GetSByte(0),
            "Char" => reader.GetChar(0),
            "DateTime" => reader.GetDateTime(0),
            "Offset" => typed.GetDateTimeOffset(0),
            "DateOnly" => typed.GetDateOnly(0),
            "TimeOnly" => typed.GetTimeOnly(0),
            "TimeSpan" => typed.GetTimeSpan(0),
            "Decimal" => reader.GetDecimal(0),
            "Double" => reader.GetDouble(0),
            "Float" => reader.GetFloat(0),
            "Guid" => reader.GetGuid(0),
            "I16" => reader.GetInt16(0),
            "I32" => reader.GetInt32(0),
            "I64" => reader.GetInt64(0),
            "U16" => typed.GetUInt16(0),
            "U32" => typed.GetUInt32(0),
            "U64" => typed.GetUInt64(0),
            "String" => reader.GetString(0),
            _ => Bytes(reader),
        };
    }

    private static byte[] Bytes(DbDataReader reader)
    {
        var bytes = new byte[reader.GetBytes(0, 0, null, 0, 0)];
        reader.GetBytes(0, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    private static object Outcome(Func<object> get)
    {
        try
        {
            return get();
        }
        catch (Exception error)
        {
            return error.GetType();
        }
    }

    private static void AssertSame(object expected, object actual)
    {
        Assert.IsType(expected.GetType(), actual);
        Assert.Equal(expected, actual, Comparer);
    }

    /// <summary>Values are the same when they are of one type and equal; an instant with its offset, a decimal of whatever scale.</summary>
    private static readonly IEqualityComparer<object?> Comparer = EqualityComparer<object?>.Create(static (left, right) => (left, right) switch
    {
        (byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other),
        (DateTimeOffset one, DateTimeOffset other) => one.EqualsExact(other),
        _ => Equals(left, right),
    });
}
