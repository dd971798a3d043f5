using Dapper;

namespace LsmTree.Data.Tests.BadInput;

/// <summary>Connection strings and places that cannot be meant.</summary>
public sealed class BadConnectionTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-nowhere-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("Data Sorce=x", "Data Source")]
    [InlineData("Data Source=x;Synchronus=Full", "Synchronous")]
    [InlineData("Data Source=x;Synchronous=Sometimes", "one of ")]
    [InlineData("Data Source=x;Memtable Size=1", "65536")]
    [InlineData("Data Source=x;Memtable Size=many", "number of bytes")]
    [InlineData("Data Source=x;Pooling=perhaps", "true or false")]
    [InlineData("Data Source=x;Default Timeout=-1", "seconds")]
    public void A_wrong_keyword_or_value_is_refused_by_a_message_that_says_what_fits(string text, string hint)
    {
        var error = Assert.Throws<ArgumentException>(() => new LsmConnection(text));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_without_a_place_says_so() => Assert.Throws<InvalidOperationException>(() => new LsmConnection("Pooling=false").Open());

    [Fact]
    public void A_directory_that_is_not_there_is_created_only_when_asked()
    {
        var path = Path.Combine(_root, "absent");
        foreach (var mode in (string[])["ReadWrite", "ReadOnly"])
        {
            Assert.Equal("58P01", OpenFails($"Data Source={path};Mode={mode}").SqlState);
            Assert.False(Path.Exists(path));
        }
    }

    [Fact]
    public void A_directory_of_other_files_is_no_store_to_a_reader_and_stays_as_it_is()
    {
        File.WriteAllText(Path.Combine(_root, "letter.txt"), "Dear all");

        Assert.Equal("58P01", OpenFails($"Data Source={_root};Mode=ReadOnly").SqlState);
        Assert.Equal("Dear all", File.ReadAllText(Path.Combine(_root, "letter.txt")));
        Assert.Equal(["letter.txt"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));

        Assert.Equal("58P01", OpenFails($"Data Source={_root};Mode=ReadWrite").SqlState);
        Assert.Equal("Dear all", File.ReadAllText(Path.Combine(_root, "letter.txt")));
    }

    [Fact]
    public void A_file_is_no_directory()
    {
        var path = Path.Combine(_root, "letter.txt");
        File.WriteAllText(path, "Dear all");

        Assert.Equal("58030", OpenFails($"Data Source={path}").SqlState);
        Assert.Equal("Dear all", File.ReadAllText(path));
    }

    [Fact]
    public void A_read_only_connection_refuses_every_write_and_loses_nothing()
    {
        using var ledger = new Ledger();
        using (var connection = ledger.Open("Mode=ReadOnly"))
        {
            foreach (var text in (string[])["DELETE FROM ledger", "INSERT INTO ledger (id, name) VALUES (-1, 'x')", "DROP TABLE ledger", "TRUNCATE TABLE ledger", "CREATE TABLE other (a BIGINT PRIMARY KEY)"])
            {
                Assert.Equal("25006", Assert.Throws<LsmException>(() => connection.Execute(text)).SqlState);
            }

            Ledger.AssertWhole(connection);
        }

        ledger.AssertWhole();
    }

    private static LsmException OpenFails(string text)
    {
        using var connection = new LsmConnection(text + ";Pooling=false;Default Timeout=1");
        return Assert.Throws<LsmException>(connection.Open);
    }
}
