using System.Data;

namespace LsmTree.Data.Tests.Ado;

/// <summary>The constant 0 is a value of every enum to C#: where it could be a type it does not compile, and nowhere is it silently one.</summary>
public sealed class ParameterConstructorTests
{
    [Fact]
    public void Zero_is_a_value_in_each_way_that_compiles()
    {
        using var command = new LsmCommand();
        command.Parameters.AddWithValue("a", 0);
        command.Parameters.Add(new LsmParameter("b", (object)0));
        command.Parameters.Add(new LsmParameter<int>("c", 0));
        Assert.All(command.Parameters.Cast<LsmDbParameter>(), static parameter =>
        {
            Assert.Equal(0, parameter.Value);
            Assert.Equal(DbType.Int32, parameter.DbType);
        });
    }

    [Fact]
    public void Zero_alone_is_ambiguous_and_no_overload_takes_a_number_for_a_type()
    {
        // With both of these the compiler asks (CS0121); with one of them it would silently take 0 for a type.
        var enums = typeof(LsmParameter).GetConstructors().Select(static constructor => constructor.GetParameters()).Where(static parameters => parameters.Length == 2 && parameters[1].ParameterType.IsEnum);
        Assert.Equal([typeof(DbType), typeof(LsmType)], enums.Select(static parameters => parameters[1].ParameterType).OrderBy(static type => type.Name));
    }
}
