namespace LsmTree.Cli.Tests.Commands;

public sealed class SqlCommandTests : IDisposable
{
    private readonly CommandFixture _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Statements_of_an_argument_run_in_order_and_exit_with_0()
    {
        var outcome = _command.Run(_command.Store, "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT); INSERT INTO t VALUES (1, 'one'), (20, NULL); SELECT id, name FROM t");

        Assert.Equal("", outcome.Error);
        Assert.Equal(0, outcome.Status);
        Assert.Equal("ok\n2 rows affected\nid  name\n--  ----\n 1  one\n20  NULL\n(2 rows)\n", outcome.Output);
    }

    [Fact]
    public void What_was_written_is_there_for_the_next_run()
    {
        _command.Run(_command.Store, "UPSERT INTO kv (k, v) VALUES ('a', 'first')");

        Assert.Equal(["first"], _command.Rows("SELECT v FROM kv WHERE k = 'a'"));
    }

    [Fact]
    public void A_syntax_error_exits_with_1_and_names_state_and_place()
    {
        var outcome = _command.Run(_command.Store, "SELECT 1 +\n  FROM kv");

        Assert.Equal(1, outcome.Status);
        Assert.Equal("", outcome.Output);
        Assert.StartsWith("error 42601: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 2, column 3", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Dot_commands_of_a_pipe_count_as_lines_when_an_error_says_where_its_statement_began()
    {
        var outcome = _command.RunWithInput(".put a 1\n.get a\nSELECT nothing FROM kv;\n", _command.Store);

        Assert.Contains("begins on line 3", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_runs_up_to_its_first_error_and_says_where_the_statement_began()
    {
        var outcome = _command.RunWithInput("-- a file\nUPSERT INTO kv VALUES ('a', 1);\n\nSELECT nothing FROM kv;\nUPSERT INTO kv VALUES ('b', 2);\n", _command.Store);

        Assert.Equal(1, outcome.Status);
        Assert.Contains("error 42703: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("begins on line 4", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["a"], _command.Rows("SELECT k FROM kv"));
    }

    [Fact]
    public void A_pipe_may_hold_a_transaction_and_a_statement_without_its_semicolon()
    {
        var outcome = _command.RunWithInput("BEGIN;\nUPSERT INTO kv VALUES ('a', 1);\nROLLBACK;\nSELECT COUNT(*)\nFROM kv", _command.Store, "--format", "csv");

        Assert.Equal("", outcome.Error);
        Assert.Equal(0, outcome.Status);
        Assert.EndsWith("\n0\n", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tsv", "a\tb\tc\n1\t\\N\t\\ex\\ty\n\\x0aff\t\ttrue\n")]
    [InlineData("csv", "a,b,c\n1,,x\ty\n\\x0aff,\"\",true\n")]
    [InlineData("json", "[\n  {\"a\": 1, \"b\": null, \"c\": \"x\\ty\"},\n  {\"a\": \"\\\\x0aff\", \"b\": \"\", \"c\": true}\n]\n")]
    public void A_format_for_machines_holds_data_only(string format, string expected)
    {
        var create = _command.Run(_command.Store, "CREATE TABLE t (id BIGINT PRIMARY KEY, a ANY, b TEXT, c ANY); INSERT INTO t VALUES (1, 1, NULL, @c)".Replace("@c", "'x\ty'", StringComparison.Ordinal) + "; INSERT INTO t VALUES (2, X'0AFF', '', TRUE)", "--format", format);
        Assert.Equal(("", "", 0), (create.Output, create.Error, create.Status));

        Assert.Equal(expected, _command.Run(_command.Store, "SELECT a, b, c FROM t", "--format", format).Output);
    }

    [Fact]
    public void Dot_commands_work_on_the_table_of_keys()
    {
        var outcome = _command.RunWithInput(".put user:1 Ann\n.put user:2 'Ben Bo'\n.put x'00ff' bytes\n.get user:2\n.get nobody\n.delete user:1\n.scan user: user:~\n.quit\n.put late x\n", _command.Store);

        Assert.Equal("", outcome.Error);
        Assert.Equal(0, outcome.Status);
        Assert.Equal("1 row affected\n1 row affected\n1 row affected\nBen Bo\n(no such key)\n1 row affected\nk       v\n------  ------\nuser:2  Ben Bo\n(1 row)\n", outcome.Output);
        Assert.Equal(["2"], _command.Rows("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Keys_of_a_raw_store_are_bytes()
    {
        using (var store = Storage.LsmStore.Open(_command.Store))
        {
            store.Put("a"u8, "first"u8);
            store.Put([0, 255], [1]);
        }

        var outcome = _command.RunWithInput(".get a\n.get x'00ff'\n.put b second\n.scan\n", _command.Store);

        Assert.Equal("", outcome.Error);
        Assert.Equal("first\nX'01'\n1 row affected\nk        v\n-------  ------\nX'00ff'  X'01'\na        first\nb        second\n(3 rows)\n", outcome.Output);
        using var again = Storage.LsmStore.Open(_command.Store);
        Assert.True(again.TryGet("b"u8, out var value));
        Assert.Equal("second"u8.ToArray(), value);
    }

    [Fact]
    public void A_dot_command_that_does_not_exist_is_an_error()
    {
        var outcome = _command.RunWithInput(".frobnicate\n", _command.Store);

        Assert.Equal(1, outcome.Status);
        Assert.Contains(".help", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_schema_and_help_are_listed()
    {
        var outcome = _command.RunWithInput("CREATE TABLE places (name TEXT PRIMARY KEY, height INTEGER);\n.tables\n.schema places\n.schema\n.help\n", _command.Store);

        Assert.Equal("", outcome.Error);
        Assert.Contains("places", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("height", outcome.Output, StringComparison.Ordinal);
        Assert.Contains(".checkpoint DIRECTORY", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_run_refuses_to_write()
    {
        _command.Run(_command.Store, "UPSERT INTO kv VALUES ('a', 1)");

        var outcome = _command.Run(_command.Store, "UPSERT INTO kv VALUES ('b', 2)", "--read-only");

        Assert.Equal(1, outcome.Status);
        Assert.StartsWith("error 25006: ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_in_use_is_refused_with_its_holder()
    {
        using var store = Storage.LsmStore.Open(_command.Store);

        var outcome = _command.Run(_command.Store, "SELECT 1");

        Assert.Equal(1, outcome.Status);
        Assert.StartsWith("error 55P03: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("in use", outcome.Error, StringComparison.Ordinal);
    }
}
