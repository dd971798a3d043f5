using System.Collections;

namespace LsmTree.Data.Conformance;

public sealed class ParameterCollectionTests
{
    private readonly DbCommand _command = Provider.Factory.CreateCommand()!;

    private DbParameterCollection Parameters => _command.Parameters;

    [Fact]
    public void Null_is_refused_everywhere()
    {
        Parameter("@param");
        Assert.Throws<ArgumentNullException>(() => Parameters.Add(null!));
        Assert.Throws<ArgumentNullException>(() => Parameters.Insert(0, null!));
        Assert.Throws<ArgumentNullException>(() => Parameters.Remove(null!));
        Assert.Throws<ArgumentNullException>(() => Parameters.AddRange(null!));
        Assert.Throws<ArgumentNullException>(() => Parameters[0] = null!);
        Assert.Throws<ArgumentNullException>(() => Parameters["@param"] = null!);
        Assert.Throws<ArgumentNullException>(() => ((IList)Parameters)[0] = null);
        Assert.Throws<ArgumentNullException>(() => ((IDataParameterCollection)Parameters)["@param"] = null!);
    }

    [Fact]
    public void Null_is_not_found()
    {
        Assert.False(Parameters.Contains((object)null!));
        Assert.False(Parameters.Contains((string)null!));
        Assert.Equal(-1, Parameters.IndexOf((object)null!));
        Assert.Equal(-1, Parameters.IndexOf((string)null!));
    }

    [Fact]
    public void A_foreign_object_is_refused() => Assert.Throws<InvalidCastException>(() => Parameters.Add("text"));

    [Fact]
    public void Positions_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameters.RemoveAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameters.RemoveAt(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameters[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameters.Insert(-1, _command.CreateParameter()));
        Assert.Throws<ArgumentOutOfRangeException>(() => Parameters.Insert(1, _command.CreateParameter()));
    }

    [Fact]
    public void Parameters_keep_their_order_through_inserts_and_removes()
    {
        var first = Parameter("@first");
        var third = Parameter("@third");
        var second = _command.CreateParameter();
        second.ParameterName = "@second";
        Parameters.Insert(1, second);
        Assert.Equal(["@first", "@second", "@third"], Names());
        Parameters.Remove(first);
        Parameters.RemoveAt("@THIRD");
        Assert.Equal(["@second"], Names());
        Assert.False(Parameters.Contains(third));
        Parameters.RemoveAt(0);
        Assert.Empty(Parameters);
    }

    [Fact]
    public void Parameters_are_found_by_object_and_by_name()
    {
        Parameter("@a");
        var wanted = Parameter("B");
        Assert.Equal(1, Parameters.IndexOf(wanted));
        Assert.Equal(1, Parameters.IndexOf("@b"));
        Assert.Equal(1, Parameters.IndexOf("b"));
        Assert.Same(wanted, Parameters[":b"]);
        Assert.Equal(-1, Parameters.IndexOf("c"));
        Assert.Throws<ArgumentException>(() => Parameters["c"]);
    }

    [Fact]
    public void A_parameter_is_replaced_in_its_place()
    {
        Parameter("@a");
        Parameter("@b");
        var other = _command.CreateParameter();
        other.ParameterName = "@other";
        Parameters[0] = other;
        Assert.Equal(["@other", "@b"], Names());
    }

    [Fact]
    public void AddRange_CopyTo_and_Clear_work_on_all()
    {
        Parameters.AddRange(new[] { _command.CreateParameter(), _command.CreateParameter(), _command.CreateParameter(), _command.CreateParameter(), _command.CreateParameter() });
        Assert.Equal(5, Parameters.Count);
        var copies = new DbParameter[6];
        Parameters.CopyTo(copies, 1);
        Assert.Same(Parameters[4], copies[5]);
        Parameters.Clear();
        Assert.Empty(Parameters);
    }

    private DbParameter Parameter(string name)
    {
        var parameter = _command.CreateParameter();
        parameter.ParameterName = name;
        Parameters.Add(parameter);
        return parameter;
    }

    private IEnumerable<string> Names() => Parameters.Cast<DbParameter>().Select(static parameter => parameter.ParameterName);
}
