using BenchmarkDotNet.Attributes;
using LsmTree.Data;

namespace LsmTree.Benchmarks.Sql;

/// <summary>Statements through ADO.NET: a point SELECT, an UPSERT, and the preparation of a text that no plan is kept for.</summary>
public class StatementCalls : IDisposable
{
    private const int Rows = 100_000;
    private const int Texts = 1_000; // More than the plan cache keeps, so that each of them has gone when it comes again.

    private readonly byte[] _value = new byte[StoreFixture.ValueBytes];
    private readonly string[] _texts = [.. Enumerable.Range(0, Texts).Select(static number => $"SELECT v FROM kv WHERE k = @k AND {number} = {number}")];
    private string _directory = null!;
    private LsmConnection _connection = null!;
    private LsmCommand _select = null!;
    private LsmCommand _upsert = null!;
    private LsmCommand _any = null!;
    private LsmParameter<long> _selectKey = null!;
    private LsmParameter<long> _upsertKey = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        _directory = Directory.CreateTempSubdirectory("lsmtree-benchmark-").FullName;
        _connection = new LsmConnection($"Data Source={_directory};Synchronous=Normal");
        _connection.Open();
        _upsert = Command("UPSERT INTO kv VALUES (@k, @v)", out _upsertKey);
        _upsert.Parameters.Add(new LsmParameter("v", _value));
        for (var row = 0; row < Rows; row++)
        {
            Upsert();
        }

        _select = Command("SELECT v FROM kv WHERE k = @k", out _selectKey);
        _any = _connection.CreateCommand();
        _any.Parameters.Add(new LsmParameter("k", 1L));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _select.Dispose();
        _upsert.Dispose();
        _any.Dispose();
        _connection.Dispose();
        LsmConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public int PointSelect()
    {
        _selectKey.TypedValue = NextKey();
        using var reader = _select.ExecuteReader();
        return reader.Read() ? (int)reader.GetBytes(0, 0, _value, 0, _value.Length) : throw new InvalidOperationException("A row was lost.");
    }

    [Benchmark]
    public int Upsert()
    {
        _upsertKey.TypedValue = NextKey();
        return _upsert.ExecuteNonQuery();
    }

    /// <summary>Parse, bind and plan.</summary>
    [Benchmark]
    public void PrepareUnknownText()
    {
        _any.CommandText = _texts[_next = (_next + 1) % Texts];
        _any.Prepare();
    }

    private LsmCommand Command(string text, out LsmParameter<long> key)
    {
        var command = _connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.Add(key = new LsmParameter<long>("k", 0L));
        return command;
    }

    private long NextKey() => _next = (_next + 7919) % Rows;
}
