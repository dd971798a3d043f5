using System.IO.Compression;
using System.Text;

namespace LsmTree.Cli.Tests.Commands;

public sealed class ImportCommandTests : IDisposable
{
    private readonly CommandFixture _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Rows_are_imported_by_the_names_in_the_header()
    {
        CreateTable();
        var file = _command.Write("rows.tsv", "name\tid\nfirst\t1\n\\N\t2\nC:\\new (\\r, \\n)\t3\n\\ea\\tb\t4\n");

        var outcome = _command.Run("import", _command.Store, "t", file);

        Assert.Equal(0, outcome.Status);
        Assert.StartsWith("4 rows imported", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["1\tfirst", "2\t\\N", "3\tC:\\new (\\r, \\n)", "4\t\\ea\\tb"], _command.Rows("SELECT id, name FROM t"));
        Assert.False(File.Exists(_command.PathOf("rows.rejects.tsv")));
    }

    [Fact]
    public void A_bad_line_is_reported_by_number_and_kept_and_the_rest_goes_in()
    {
        CreateTable();
        var file = _command.Write("rows.tsv", "id\tname\n1\tone\nmany\ttwo\n3\n1\tagain\n5\tfive\n\\N\tnull key\n7\t\\x00\n");

        var outcome = _command.Run("import", _command.Store, "t", file);

        Assert.Equal(1, outcome.Status);
        Assert.Contains("line 3: 'many' is no ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 4: 1 fields where the header has 2", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 5: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 7: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("line 8: ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("2 rows imported", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("5 lines rejected", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(["1\tone", "5\tfive"], _command.Rows("SELECT id, name FROM t"));
        Assert.Equal("id\tname\nmany\ttwo\n3\n1\tagain\n\\N\tnull key\n7\t\\x00\n", File.ReadAllText(_command.PathOf("rows.rejects.tsv")));
    }

    [Fact]
    public void Rejects_may_be_allowed_and_kept_elsewhere()
    {
        CreateTable();
        var file = _command.Write("rows.tsv", "id\tname\nx\ty\n");

        var outcome = _command.Run("import", _command.Store, "t", file, "--allow-rejects", "--rejects", _command.PathOf("elsewhere.tsv"));

        Assert.Equal(0, outcome.Status);
        Assert.Equal("id\tname\nx\ty\n", File.ReadAllText(_command.PathOf("elsewhere.tsv")));
    }

    [Fact]
    public void Upsert_overwrites_rows_whose_key_exists()
    {
        CreateTable();
        var file = _command.Write("rows.tsv", "id\tname\n1\told\n1\tnew\n");

        Assert.Equal(0, _command.Run("import", _command.Store, "t", file, "--upsert").Status);
        Assert.Equal(["1\tnew"], _command.Rows("SELECT id, name FROM t"));
    }

    [Fact]
    public void Create_guesses_types_and_takes_the_key_that_it_is_told()
    {
        var file = _command.Write("rows.tsv", "code\tid\tratio\tempty\n007\t2\t0.5\t\\N\n008\t1\t3\t\\N\n");

        var outcome = _command.Run("import", _command.Store, "t", file, "--create", "--key", "id");

        Assert.Equal("", outcome.Output);
        Assert.Equal(0, outcome.Status);
        Assert.Equal(["1\t008\t3\t\\N", "2\t007\t0.5\t\\N"], _command.Rows("SELECT id, code, ratio, empty FROM t"));
        Assert.Equal(["3"], _command.Rows("SELECT SUM(id) FROM t"));
        Assert.Equal(1, _command.Run(_command.Store, "SELECT SUM(code) FROM t").Status);
    }

    [Fact]
    public void Without_create_a_missing_table_is_an_error_and_stays_missing()
    {
        var file = _command.Write("rows.tsv", "id\n1\n");

        var outcome = _command.Run("import", _command.Store, "t", file);

        Assert.Equal(1, outcome.Status);
        Assert.StartsWith("error 42P01: ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(1, _command.Run(_command.Store, "SELECT * FROM t").Status);
    }

    [Fact]
    public void Each_commit_is_acknowledged_after_it_returned()
    {
        CreateTable();
        var lines = string.Concat(Enumerable.Range(1, 25).Select(static i => $"{i}\tname {i}\n"));
        var file = _command.Write("rows.tsv", "id\tname\n" + lines);

        var outcome = _command.Run("import", _command.Store, "t", file, "--batch", "10", "--ack", _command.PathOf("ack"));

        Assert.Equal(0, outcome.Status);
        Assert.Equal("11\t10\t10\n21\t10\t20\n26\t5\t25\n", File.ReadAllText(_command.PathOf("ack")));
    }

    [Fact]
    public void A_compressed_file_with_a_byte_order_mark_and_carriage_returns_is_read()
    {
        CreateTable();
        var file = _command.PathOf("rows.tsv.gz");
        using (var stream = new GZipStream(File.Create(file), CompressionLevel.Fastest))
        {
            stream.Write(Encoding.UTF8.Preamble);
            stream.Write("id\tname\r\n1\tGrüße\r\n"u8);
        }

        Assert.Equal(0, _command.Run("import", _command.Store, "t", file).Status);
        Assert.Equal(["1\tGrüße"], _command.Rows("SELECT id, name FROM t"));
    }

    [Fact]
    public void A_line_that_is_not_UTF_8_is_kept_byte_for_byte()
    {
        CreateTable();
        var file = _command.PathOf("rows.tsv");
        byte[] content = [.. "id\tname\n"u8, .. "1\t"u8, 0xFF, 0xFE, (byte)'\n', .. "2\tgood\n"u8];
        File.WriteAllBytes(file, content);

        var outcome = _command.Run("import", _command.Store, "t", file);

        Assert.Equal(1, outcome.Status);
        Assert.Contains("line 2: it is not UTF-8", outcome.Error, StringComparison.Ordinal);
        Assert.Equal([.. "id\tname\n1\t"u8, 0xFF, 0xFE, (byte)'\n'], File.ReadAllBytes(_command.PathOf("rows.rejects.tsv")));
        Assert.Equal(["2\tgood"], _command.Rows("SELECT id, name FROM t"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("id\tid\n")]
    [InlineData("id\t\n")]
    public void A_file_without_a_proper_header_is_refused(string content)
    {
        CreateTable();
        var outcome = _command.Run("import", _command.Store, "t", _command.Write("rows.tsv", content));

        Assert.Equal(1, outcome.Status);
        Assert.Contains("header", outcome.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_missing_file_is_an_error_of_the_operating_system()
    {
        CreateTable();
        var outcome = _command.Run("import", _command.Store, "t", _command.PathOf("nowhere.tsv"));

        Assert.Equal(1, outcome.Status);
        Assert.StartsWith("error 58030: ", outcome.Error, StringComparison.Ordinal);
    }

    private void CreateTable() => Assert.Equal(0, _command.Run(_command.Store, "CREATE TABLE t (id BIGINT PRIMARY KEY, name TEXT)").Status);
}
