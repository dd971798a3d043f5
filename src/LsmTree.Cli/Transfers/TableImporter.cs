using System.Data.Common;
using LsmTree.Cli.Texts;
using LsmTree.Data;

namespace LsmTree.Cli.Transfers;

/// <summary>Reads rows from a file into a table, some to a transaction. A line that does not fit is put aside; everything else goes in.</summary>
/// <remarks>
/// Invariants: (1) a line is either in the table or in the reject file, unless an error ends the import; (2) what
/// <see cref="AcknowledgementFile"/> says was committed before it said so; (3) memory does not grow with the file: a transaction is committed
/// early when its lines exceed <see cref="MaxTransactionBytes"/>.
/// </remarks>
internal sealed class TableImporter
{
    /// <summary>Bytes of lines that one transaction holds at most: 16 MiB, beside which the engine's own buffers stay the larger part.</summary>
    private const long MaxTransactionBytes = 16L << 20;

    private readonly LsmConnection _connection;
    private readonly ImportSettings _settings;
    private readonly Action<long, string> _reportReject;
    private readonly Action<ImportProgress> _reportProgress;
    private long _rows;
    private long _rejected;

    /// <param name="connection">An open connection.</param>
    /// <param name="settings">What to import, and how.</param>
    /// <param name="reportReject">Told the number of each rejected line, and why.</param>
    /// <param name="reportProgress">Told after each commit how far the import is.</param>
    public TableImporter(LsmConnection connection, ImportSettings settings, Action<long, string> reportReject, Action<ImportProgress> reportProgress)
    {
        _connection = connection;
        _settings = settings;
        _reportReject = reportReject;
        _reportProgress = reportProgress;
    }

    public ImportProgress Run(CancellationToken cancellation)
    {
        using var reader = TsvReader.Open(_settings.File);
        var names = reader.ReadHeader();
        using var rejects = new RejectFile(_settings.RejectsFile, reader.Line.ToArray());
        using var acknowledgements = AcknowledgementFile.Open(_settings.AcknowledgementFile);
        if (_settings.CreateKey is { } key)
        {
            CreateTable(names, key);
        }

        var columns = DescribeColumns(names);
        using var insert = PrepareInsert(columns);
        var isAtEnd = false;
        while (!isAtEnd)
        {
            using var transaction = _connection.BeginTransaction();
            insert.Transaction = transaction;
            var rows = 0;
            long bytes = 0;
            while (rows < _settings.RowsPerTransaction && bytes < MaxTransactionBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                if (!reader.ReadLine())
                {
                    isAtEnd = true;
                    break;
                }

                bytes += reader.Line.Length;
                if (Import(reader, columns, insert) is { } reason)
                {
                    _rejected++;
                    rejects.Add(reader.Line);
                    _reportReject(reader.LineNumber, reason);
                }
                else
                {
                    rows++;
                }
            }

            transaction.Commit();
            _rows += rows;
            if (rows > 0)
            {
                acknowledgements.Add(reader.LineNumber, rows, _rows);
            }

            _reportProgress(new ImportProgress(_rows, _rejected, reader.BytesRead, reader.BytesTotal));
        }

        return new ImportProgress(_rows, _rejected, reader.BytesRead, reader.BytesTotal);
    }

    /// <summary>Puts one line into the table; returns why it was rejected, or null.</summary>
    private static string? Import(TsvReader reader, ColumnParser[] columns, DbCommand insert)
    {
        if (!reader.TrySplit(out var fields))
        {
            return "it is not UTF-8";
        }

        if (fields.Length != columns.Length)
        {
            return $"{fields.Length} fields where the header has {columns.Length}";
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (!columns[i].TryParse(fields[i], out var value))
            {
                return $"'{Shorten(fields[i])}' is no {columns[i].TypeName} for column {columns[i].Name}";
            }

            insert.Parameters[i].Value = value ?? DBNull.Value;
        }

        try
        {
            insert.ExecuteNonQuery();
            return null;
        }
        catch (LsmException error) when (IsAboutTheRow(error.Code))
        {
            return error.Message;
        }
    }

    /// <summary>True for errors that another row need not have; the statement has undone itself and the transaction goes on.</summary>
    private static bool IsAboutTheRow(LsmErrorCode code) => code is LsmErrorCode.UniqueViolation or LsmErrorCode.NotNullViolation
        or LsmErrorCode.InvalidConversion or LsmErrorCode.OutOfRange or LsmErrorCode.DatatypeMismatch or LsmErrorCode.LimitExceeded;

    private static string Shorten(string field)
    {
        const int Shown = 40;
        var visible = ValueText.OnOneLine(field);
        return visible.Length <= Shown ? visible : visible[..Shown] + "…";
    }

    private void CreateTable(string[] names, string key)
    {
        if (!names.Contains(key, StringComparer.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"--key {key}: the header has no such column; it has {string.Join(", ", names)}.");
        }

        var types = _settings.AllText ? Array.ConvertAll(names, static _ => "TEXT") : TypeInference.Infer(_settings.File);
        var columns = names.Select((name, i) => $"{SqlText.Quote(name)} {types[i]}");
        using var create = _connection.CreateCommand();
        create.CommandText = $"CREATE TABLE IF NOT EXISTS {SqlText.Quote(_settings.Table)} ({string.Join(", ", columns)}, PRIMARY KEY ({SqlText.Quote(key)}))";
        create.ExecuteNonQuery();
    }

    private ColumnParser[] DescribeColumns(string[] names)
    {
        using var select = _connection.CreateCommand();
        select.CommandText = $"SELECT {string.Join(", ", names.Select(SqlText.Quote))} FROM {SqlText.Quote(_settings.Table)} LIMIT 0";
        using var reader = select.ExecuteReader();
        return [.. names.Select((name, i) => ColumnParser.Create(name, reader.GetDataTypeName(i), reader.GetFieldType(i)))];
    }

    private LsmCommand PrepareInsert(ColumnParser[] columns)
    {
        var command = _connection.CreateCommand();
        var verb = _settings.Upsert ? "UPSERT" : "INSERT";
        var names = columns.Select(static column => SqlText.Quote(column.Name));
        var values = columns.Select(static (_, i) => FormattableString.Invariant($"@p{i}"));
        command.CommandText = $"{verb} INTO {SqlText.Quote(_settings.Table)} ({string.Join(", ", names)}) VALUES ({string.Join(", ", values)})";
        command.CommandTimeout = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            command.Parameters.Add(new LsmParameter(FormattableString.Invariant($"@p{i}"), null));
        }

        return command;
    }
}
