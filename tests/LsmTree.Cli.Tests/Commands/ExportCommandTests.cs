namespace LsmTree.Cli.Tests.Commands;

public sealed class ExportCommandTests : IDisposable
{
    private const string Columns = "id BIGINT PRIMARY KEY, flag BOOLEAN, ratio DOUBLE, price DECIMAL(10,2), name TEXT, data BLOB, day DATE, at TIMESTAMP, zoned TIMESTAMPTZ, hour TIME, uid UUID";

    private readonly CommandFixture _command = new();

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData("rows.tsv")]
    [InlineData("rows.tsv.gz")]
    public void What_is_exported_comes_back_the_same(string name)
    {
        var create = _command.Run(_command.Store, $"CREATE TABLE one ({Columns}); CREATE TABLE two ({Columns})");
        Assert.True(create.Status == 0, create.Error);
        var insert = _command.Run(_command.Store, """
            INSERT INTO one VALUES
              (1, TRUE, 0.1, 12.50, 'plain', X'00FF', DATE '2024-02-29', TIMESTAMP '2024-02-29 12:34:56.789', TIMESTAMPTZ '2024-02-29 12:34:56+02:00', TIME '23:59:59', UUID '00112233-4455-6677-8899-aabbccddeeff'),
              (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
              (-9223372036854775807, FALSE, -1E300, -0.01, '\N', X'', DATE '0001-01-01', TIMESTAMP '0001-01-01 00:00:00', NULL, TIME '00:00:00', NULL),
              (3, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL, NULL, NULL),
              (4, NULL, NULL, NULL, 'tab	and
            line \ and \x', NULL, NULL, NULL, NULL, NULL, NULL)
            """);
        Assert.True(insert.Status == 0, insert.Error);

        var file = _command.PathOf(name);
        var export = _command.Run("export", _command.Store, "one", file);
        Assert.True(export.Status == 0, export.Error);
        Assert.False(File.Exists(file + ".part"));
        var import = _command.Run("import", _command.Store, "two", file);
        Assert.True(import.Status == 0, import.Error);

        Assert.Equal(_command.Rows("SELECT * FROM one"), _command.Rows("SELECT * FROM two"));
        Assert.Equal(["5"], _command.Rows("SELECT COUNT(*) FROM two"));
    }

    [Fact]
    public void Without_a_file_rows_go_to_the_output_in_key_order()
    {
        _command.Run(_command.Store, "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT); INSERT INTO t VALUES (2, 'b'), (1, 'a')");

        var outcome = _command.Run("export", _command.Store, "t");

        Assert.Equal("id\tname\n1\ta\n2\tb\n", outcome.Output);
        Assert.Equal(0, outcome.Status);
    }

    [Fact]
    public void A_missing_table_leaves_no_file()
    {
        _command.Run(_command.Store, "SELECT 1");

        var outcome = _command.Run("export", _command.Store, "nothing", _command.PathOf("rows.tsv"));

        Assert.Equal(1, outcome.Status);
        Assert.StartsWith("error 42P01: ", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_command.PathOf("rows.tsv")));
    }
}
