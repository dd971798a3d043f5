using BenchmarkDotNet.Attributes;
using Dapper;
using LsmTree.Data;

namespace LsmTree.Benchmarks.Sql;

/// <summary>What ADO.NET and Dapper callers do with one row: the calls of the table in docs/benchmarks.md, with what each allocates.</summary>
/// <remarks>What is written in a transaction is rolled back when there is much of it; what autocommit inserts stays, behind all other keys.</remarks>
public class RowCalls : IDisposable
{
    private const int Rows = 100_000;
    private const int RowsOfTransaction = 20_000;
    private const int ScannedRows = 1_000;
    private const string SelectText = "SELECT v FROM t WHERE k = @k";

    private readonly byte[] _value = new byte[StoreFixture.ValueBytes];
    private readonly string[] _keys = [.. Enumerable.Range(0, Rows).Select(static number => $"key{number:D13}")];
    private readonly string[] _absent = [.. Enumerable.Range(0, Rows).Select(static number => $"key{number:D13}x")];
    private string _directory = null!;
    private LsmConnection _connection = null!;
    private LsmConnection _writer = null!;
    private LsmTransaction _transaction = null!;
    private LsmCommand _select = null!;
    private LsmCommand _scan = null!;
    private LsmCommand _insert = null!;
    private LsmCommand _insertAlone = null!;
    private LsmCommand _update = null!;
    private LsmCommand _updateAlone = null!;
    private LsmCommand _delete = null!;
    private int _next;
    private int _written;
    private long _fresh;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("lsmtree-benchmark-").FullName;
        var settings = $"Data Source={_directory};Synchronous=Normal";
        _connection = new LsmConnection(settings);
        _connection.Open();
        _writer = new LsmConnection(settings);
        _writer.Open();
        _connection.Execute("CREATE TABLE t (k TEXT PRIMARY KEY, v BLOB)");
        using (var load = _connection.BeginTransaction())
        {
            _connection.Execute("INSERT INTO t VALUES (@k, @v)", _keys.Select(key => new { k = key, v = _value }), load);
            load.Commit();
        }

        _transaction = _writer.BeginTransaction();
        _select = Command(_connection, SelectText, "k");
        _scan = Command(_connection, "SELECT k, v FROM t WHERE k BETWEEN @k AND @b", "k", "b");
        _insertAlone = Command(_connection, "INSERT INTO t VALUES (@k, @v)", "k", "v");
        _updateAlone = Command(_connection, "UPDATE t SET v = @v WHERE k = @k", "k", "v");
        _insert = Command(_writer, "INSERT INTO t VALUES (@k, @v)", "k", "v");
        _update = Command(_writer, "UPDATE t SET v = @v WHERE k = @k", "k", "v");
        _delete = Command(_writer, "DELETE FROM t WHERE k = @k", "k");
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _transaction.Dispose();
        _writer.Dispose();
        _connection.Dispose();
        LsmConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>16 characters made anew for each insert are 56 bytes of what it allocates.</summary>
    [Benchmark]
    public int InsertInAutocommit() => Write(_insertAlone, $"new{_fresh++:D13}");

    [Benchmark]
    public int InsertInTransaction() => WriteWithin(_insert, $"new{_fresh++:D13}");

    [Benchmark]
    public int UpdateInAutocommit() => Write(_updateAlone, NextKey());

    [Benchmark]
    public int UpdateInTransaction() => WriteWithin(_update, NextKey());

    [Benchmark]
    public int DeleteInTransaction()
    {
        BeginAgain();
        _delete.Parameters[0].Value = NextKey();
        return _delete.ExecuteNonQuery();
    }

    [Benchmark]
    public byte[] SelectWithKeptCommand()
    {
        _select.Parameters[0].Value = NextKey();
        using var reader = _select.ExecuteReader();
        return reader.Read() ? reader.GetFieldValue<byte[]>(0) : throw new InvalidOperationException("A row was lost.");
    }

    [Benchmark]
    public object? ScalarWithKeptCommand()
    {
        _select.Parameters[0].Value = NextKey();
        return _select.ExecuteScalar();
    }

    [Benchmark]
    public object? ScalarWithNewCommand()
    {
        using var command = new LsmCommand(SelectText, _connection);
        command.Parameters.AddWithValue("@k", NextKey());
        return command.ExecuteScalar();
    }

    [Benchmark]
    public byte[] DapperQuerySingle() => _connection.QuerySingle<byte[]>(SelectText, new { k = NextKey() });

    [Benchmark]
    public object? MissingKey()
    {
        _select.Parameters[0].Value = _absent[_next = (_next + 7919) % Rows];
        return _select.ExecuteScalar();
    }

    /// <summary>Both columns of each row: a string of 16 characters (56 bytes) and an array of 100 bytes (128).</summary>
    [Benchmark(OperationsPerInvoke = ScannedRows)]
    public int BetweenPerRow()
    {
        var first = (_next = (_next + 7919) % Rows) % (Rows - ScannedRows);
        _scan.Parameters[0].Value = _keys[first];
        _scan.Parameters[1].Value = _keys[first + ScannedRows - 1];
        using var reader = _scan.ExecuteReader();
        var length = 0;
        while (reader.Read())
        {
            length += reader.GetString(0).Length + reader.GetFieldValue<byte[]>(1).Length;
        }

        return length;
    }

    private int Write(LsmCommand command, string key)
    {
        command.Parameters[0].Value = key;
        return command.ExecuteNonQuery();
    }

    private int WriteWithin(LsmCommand command, string key)
    {
        BeginAgain();
        return Write(command, key);
    }

    /// <summary>A transaction that is rolled back now and then, so that it stays of one size.</summary>
    private void BeginAgain()
    {
        if (++_written % RowsOfTransaction == 0)
        {
            _transaction.Rollback();
            _transaction = _writer.BeginTransaction();
        }

        _insert.Transaction = _transaction;
        _update.Transaction = _transaction;
        _delete.Transaction = _transaction;
    }

    private LsmCommand Command(LsmConnection connection, string text, params string[] names)
    {
        var command = new LsmCommand(text, connection);
        foreach (var name in names)
        {
            command.Parameters.AddWithValue(name, _value);
        }

        return command;
    }

    private string NextKey() => _keys[_next = (_next + 7919) % Rows];
}
