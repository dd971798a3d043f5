using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

/// <summary>What SHOW LEVELS, SHOW VERSION and CHECKPOINT TO give.</summary>
public sealed class AdministrationTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly LsmConnection _connection;

    public AdministrationTests() => _connection = _directory.Open(";Pooling=false");

    [Fact]
    public void SHOW_LEVELS_gives_what_the_engine_says_of_each_level()
    {
        _connection.Execute("INSERT INTO kv VALUES (1, 'one'), (2, 'two')");
        _connection.Execute("FLUSH");
        _connection.Execute("DELETE FROM kv WHERE k = 1");
        _connection.Execute("FLUSH; COMPACT; UPSERT INTO kv VALUES (3, 'three'); FLUSH");

        IReadOnlyList<LevelStatistics> levels;
        List<object[]> shown;
        do
        {
            levels = _connection.Store.GetLevels();
            shown = Rows("SHOW LEVELS");
        }
        while (!levels.SequenceEqual(_connection.Store.GetLevels())); // a compaction in the background may end in between

        using var reader = _connection.Command("SHOW LEVELS").ExecuteReader();
        Assert.Equal(
            ["level INTEGER", "tables INTEGER", "bytes BIGINT", "target_bytes BIGINT", "entries BIGINT", "tombstones BIGINT", "compactions BIGINT", "bytes_read BIGINT", "bytes_written BIGINT", "compaction_milliseconds BIGINT"],
            Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)} {reader.GetDataTypeName(i)}"));
        Assert.Equal(levels.Select(static level => (object[])
            [level.Level, level.Tables, level.Bytes, level.TargetBytes, level.Entries, level.Tombstones, level.Compactions, level.BytesRead, level.BytesWritten, (long)level.CompactionTime.TotalMilliseconds]), shown);
        Assert.Equal(4, levels.Sum(static level => level.Entries)); // the rows 2 and 3, and the two entries of the catalogue
    }

    [Fact]
    public void SHOW_LEVELS_of_a_store_without_tables_is_the_empty_level_0()
    {
        using var memory = Memory.Open();
        using var reader = memory.Command("SHOW LEVELS").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal(0, reader.GetInt32(0));
        Assert.Equal(0, reader.GetInt32(1));
        Assert.False(reader.Read());
    }

    [Fact]
    public void SHOW_VERSION_is_the_version_of_the_connection()
    {
        using var reader = _connection.Command("SHOW VERSION").ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal("version", reader.GetName(0));
        Assert.Equal(_connection.ServerVersion, reader.GetString(0));
        Assert.Equal(typeof(LsmConnection).Assembly.GetName().Version!.ToString(3), reader.GetString(0));
        Assert.False(reader.Read());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CHECKPOINT_TO_makes_a_store_of_the_moment_and_gives_no_rows(bool isAsync)
    {
        using var copy = new TemporaryDirectory();
        _connection.Execute("INSERT INTO kv VALUES (1, 'one')");
        using var command = _connection.Command("CHECKPOINT TO @directory", ("directory", copy.Path));

        Assert.Equal(-1, isAsync ? await command.ExecuteNonQueryAsync() : command.ExecuteNonQuery());
        _connection.Execute("UPSERT INTO kv VALUES (1, 'changed'), (2, 'later')");

        using var copied = copy.Open(";Pooling=false");
        Assert.Equal(1L, copied.Scalar("SELECT COUNT(*) FROM kv"));
        Assert.Equal("one", copied.Scalar("SELECT v FROM kv WHERE k = 1"));
        copied.Execute("INSERT INTO kv VALUES (3, 'its own')");
        Assert.Null(_connection.Scalar("SELECT v FROM kv WHERE k = 3"));
    }

    [Fact]
    public void CHECKPOINT_TO_a_directory_that_is_in_use_says_so_and_changes_nothing()
    {
        using var copy = new TemporaryDirectory();
        Directory.CreateDirectory(copy.Path);
        File.WriteAllText(Path.Combine(copy.Path, "mine.txt"), "mine");

        var error = Assert.Throws<LsmException>(() => _connection.Execute($"CHECKPOINT TO '{copy.Path}'"));

        Assert.Equal("58030", error.SqlState);
        Assert.Contains("not empty", error.Message, StringComparison.Ordinal);
        Assert.Equal([Path.Combine(copy.Path, "mine.txt")], Directory.GetFileSystemEntries(copy.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData(7)]
    public void CHECKPOINT_TO_takes_a_path(object directory) =>
        Assert.Equal("42804", Assert.Throws<LsmException>(() => _connection.Execute("CHECKPOINT TO @directory", ("directory", directory))).SqlState);

    [Fact]
    public void The_connection_copies_as_the_statement_does()
    {
        using var copy = new TemporaryDirectory();
        _connection.Execute("INSERT INTO kv VALUES (1, 'one')");
        _connection.CheckpointTo(copy.Path);
        using var copied = copy.Open(";Mode=ReadOnly;Pooling=false");
        Assert.Equal("one", copied.Scalar("SELECT v FROM kv WHERE k = 1"));
    }

    public void Dispose()
    {
        _connection.Dispose();
        _directory.Dispose();
    }

    private List<object[]> Rows(string text)
    {
        var rows = new List<object[]>();
        using var reader = _connection.Command(text).ExecuteReader();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
