using System.Collections;
using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>The rows of a command, forward only, as of the moment at which it was executed.</summary>
/// <remarks>
/// <para>The statements have been executed when the reader is there; reading changes nothing. The reader holds the store's state of that
/// moment until it is closed: close it when you are done. Closing the connection closes it.</para>
/// <para>A reader is closed for good: what is kept of it past Dispose throws <see cref="InvalidOperationException"/>, also when its command is
/// executed again. Only after 31 more executions does a command that is still in use give the same object again.</para>
/// <para>Getters are strict: integers convert to integers in range and to decimals and floats; a float widens; text, binary data, dates and
/// booleans convert to nothing else. The other pairs throw <see cref="InvalidCastException"/>, and so does NULL, which
/// <see cref="IsDBNull"/> and <see cref="GetValue"/> tell.</para>
/// </remarks>
#pragma warning disable CA1010 // ADO.NET's base class fixes the collection's interface
public sealed class LsmDataReader : DbDataReader, IDbColumnSchemaGenerator
#pragma warning restore CA1010
{
    private readonly ResultCursor _results;
    private int _generation; // of the results, at the execution that this reader is of
    private int _recordsAffected;

    internal LsmDataReader(ResultCursor results)
    {
        _results = results;
    }

    /// <summary>Always 0: rows do not nest.</summary>
    public override int Depth => 0;

    /// <inheritdoc/>
    public override int FieldCount => Results.Columns.Length;

    /// <inheritdoc/>
    public override bool HasRows => Results.HasRows;

    /// <inheritdoc/>
    public override bool IsClosed => _results.Generation != _generation;

    /// <summary>Rows inserted, updated and deleted by all statements; -1 when none counts any. Stays readable when the reader is closed.</summary>
    public override int RecordsAffected => _recordsAffected;

    /// <inheritdoc/>
    public override object this[int ordinal] => GetValue(ordinal);

    /// <inheritdoc/>
    public override object this[string name] => GetValue(GetOrdinal(name));

    /// <summary>The reader that the command gives next once there are enough of them; the ring is the results' own.</summary>
    internal LsmDataReader? NextInRing { get; set; }

    /// <summary>The results, as long as they are those of this reader's execution.</summary>
    private ResultCursor Results => _results.Generation == _generation ? _results : throw ReaderErrors.Closed();

    /// <inheritdoc/>
    public override bool Read() => Results.Read();

    /// <summary>As <see cref="Read"/>, completed when it returns.</summary>
    /// <param name="cancellationToken">Cancels a long scan.</param>
    public override Task<bool> ReadAsync(CancellationToken cancellationToken) => Async(static results => results.Read(), cancellationToken);

    /// <inheritdoc/>
    public override bool NextResult() => Results.NextResult();

    /// <summary>As <see cref="NextResult"/>, completed when it returns.</summary>
    /// <param name="cancellationToken">A cancelled one gives a cancelled task.</param>
    public override Task<bool> NextResultAsync(CancellationToken cancellationToken) => Async(static results => results.NextResult(), cancellationToken);

    /// <summary>Releases the rows, and with CloseConnection closes the connection. Closing twice is fine.</summary>
    public override void Close()
    {
        if (!IsClosed)
        {
            _results.Close();
        }
    }

    /// <inheritdoc/>
    public override string GetName(int ordinal) => Column(ordinal).Name;

    /// <summary>The position of a column: an exact match first, then one that differs in case only.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public override int GetOrdinal(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var columns = Results.Columns;
        var ordinal = Array.FindIndex(columns, column => column.Name.Equals(name, StringComparison.Ordinal));
        if (ordinal < 0)
        {
            ordinal = Array.FindIndex(columns, column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        }

        return ordinal >= 0 ? ordinal : throw ReaderErrors.NoColumn(name, columns);
    }

    /// <summary>The declared type in the dialect's words, such as <c>DECIMAL(10,2)</c>.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public override string GetDataTypeName(int ordinal) => Column(ordinal).TypeText;

    /// <summary>The type of what <see cref="GetValue"/> gives; <see cref="object"/> for a column of type ANY.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    [UnconditionalSuppressMessage("Trimming", "IL2073", Justification = "The types of the dialect are primitives of the base library.")]
    [return: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)]
    public override Type GetFieldType(int ordinal) => SqlTypes.ClrTypeOf(Column(ordinal).Type);

    /// <inheritdoc/>
    public override bool IsDBNull(int ordinal)
    {
        Results.GetValue(ordinal, out var value);
        return value.IsNull;
    }

    /// <inheritdoc/>
    public override Task<bool> IsDBNullAsync(int ordinal, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        try
        {
            return Task.FromResult(IsDBNull(ordinal));
        }
        catch (Exception error)
        {
            return Task.FromException<bool>(error);
        }
    }

    /// <inheritdoc/>
    public override object GetValue(int ordinal)
    {
        Results.GetValue(ordinal, out var value);
        return Conversion.ToClr(value);
    }

    /// <inheritdoc/>
    public override int GetValues(object[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        Results.RequireRow();
        var count = Math.Min(values.Length, Results.Columns.Length);
        for (var ordinal = 0; ordinal < count; ordinal++)
        {
            values[ordinal] = GetValue(ordinal);
        }

        return count;
    }

    /// <summary>
    /// The value as <typeparamref name="T"/>: what the getters give, and DateOnly, TimeOnly, TimeSpan, DateTimeOffset, the unsigned integers,
    /// ReadOnlyMemory of bytes, Stream, TextReader, char arrays, enums, and nullables of them, for which NULL is null.
    /// </summary>
    /// <param name="ordinal">The column, from 0.</param>
    /// <typeparam name="T">The type.</typeparam>
    /// <exception cref="InvalidCastException">The value does not convert, or is NULL.</exception>
    public override T GetFieldValue<T>(int ordinal)
    {
        var column = Results.GetValue(ordinal, out var value);
        return FieldConversion.To<T>(value, column);
    }

    /// <inheritdoc/>
    public override Task<T> GetFieldValueAsync<T>(int ordinal, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(GetFieldValue<T>(ordinal));
        }
        catch (Exception error)
        {
            return Task.FromException<T>(error);
        }
    }

    /// <inheritdoc/>
    public override bool GetBoolean(int ordinal) => GetFieldValue<bool>(ordinal);

    /// <inheritdoc/>
    public override byte GetByte(int ordinal) => GetFieldValue<byte>(ordinal);

    /// <summary>The value of an integer, in the range of <see cref="sbyte"/>.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public sbyte GetSByte(int ordinal) => GetFieldValue<sbyte>(ordinal);

    /// <inheritdoc/>
    public override char GetChar(int ordinal) => GetFieldValue<char>(ordinal);

    /// <inheritdoc/>
    public override DateTime GetDateTime(int ordinal) => GetFieldValue<DateTime>(ordinal);

    /// <summary>The value of a TIMESTAMPTZ, with its offset.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public DateTimeOffset GetDateTimeOffset(int ordinal) => GetFieldValue<DateTimeOffset>(ordinal);

    /// <summary>The value of a DATE, or of a TIMESTAMP at midnight.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public DateOnly GetDateOnly(int ordinal) => GetFieldValue<DateOnly>(ordinal);

    /// <summary>The value of a TIME.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public TimeOnly GetTimeOnly(int ordinal) => GetFieldValue<TimeOnly>(ordinal);

    /// <summary>The value of a TIME, as the time since midnight.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public TimeSpan GetTimeSpan(int ordinal) => GetFieldValue<TimeSpan>(ordinal);

    /// <inheritdoc/>
    public override decimal GetDecimal(int ordinal) => GetFieldValue<decimal>(ordinal);

    /// <inheritdoc/>
    public override double GetDouble(int ordinal) => GetFieldValue<double>(ordinal);

    /// <inheritdoc/>
    public override float GetFloat(int ordinal) => GetFieldValue<float>(ordinal);

    /// <inheritdoc/>
    public override Guid GetGuid(int ordinal) => GetFieldValue<Guid>(ordinal);

    /// <inheritdoc/>
    public override short GetInt16(int ordinal) => GetFieldValue<short>(ordinal);

    /// <inheritdoc/>
    public override int GetInt32(int ordinal) => GetFieldValue<int>(ordinal);

    /// <inheritdoc/>
    public override long GetInt64(int ordinal) => GetFieldValue<long>(ordinal);

    /// <summary>The value of an integer, in the range of <see cref="ushort"/>.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public ushort GetUInt16(int ordinal) => GetFieldValue<ushort>(ordinal);

    /// <summary>The value of an integer, in the range of <see cref="uint"/>.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public uint GetUInt32(int ordinal) => GetFieldValue<uint>(ordinal);

    /// <summary>The value of an integer, in the range of <see cref="ulong"/>.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    public ulong GetUInt64(int ordinal) => GetFieldValue<ulong>(ordinal);

    /// <inheritdoc/>
    public override string GetString(int ordinal)
    {
        var column = Results.GetValue(ordinal, out var value);
        return FieldConversion.Text(value, column);
    }

    /// <summary>
    /// The bytes of a BLOB, or the UTF-8 of a TEXT, where the reader has them: nothing is copied. Valid until the reader moves, with
    /// <see cref="Read"/> or <see cref="NextResult"/>, or closes; copy what you keep.
    /// </summary>
    /// <param name="ordinal">The column, from 0.</param>
    /// <param name="bytes">The bytes; empty for NULL.</param>
    /// <returns>False for NULL.</returns>
    /// <exception cref="InvalidCastException">The value is neither BLOB nor TEXT.</exception>
    public bool TryGetSpan(int ordinal, out ReadOnlySpan<byte> bytes)
    {
        var column = Results.GetValue(ordinal, out var value);
        bytes = value.IsNull ? default : FieldConversion.Span(value, column);
        return !value.IsNull;
    }

    /// <summary>The UTF-8 of a TEXT where the reader has it: nothing is decoded or copied. Valid as in <see cref="TryGetSpan"/>.</summary>
    /// <param name="ordinal">The column, from 0.</param>
    /// <exception cref="InvalidCastException">The value is no TEXT, or NULL.</exception>
    /// <remarks>A text that is no column of a table, such as a literal or a parameter, is encoded at each call.</remarks>
    public ReadOnlySpan<byte> GetUtf8Span(int ordinal)
    {
        var column = Results.GetValue(ordinal, out var value);
        return FieldConversion.Utf8(value, column);
    }

    /// <inheritdoc/>
    public override Stream GetStream(int ordinal) => GetFieldValue<Stream>(ordinal);

    /// <inheritdoc/>
    public override TextReader GetTextReader(int ordinal) => GetFieldValue<TextReader>(ordinal);

    /// <inheritdoc/>
    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length)
    {
        var column = Results.GetValue(ordinal, out var value);
        return FieldConversion.CopyTo(FieldConversion.Bytes(value, column).Span, dataOffset, buffer, bufferOffset, length);
    }

    /// <inheritdoc/>
    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        FieldConversion.CopyTo<char>(GetString(ordinal), dataOffset, buffer, bufferOffset, length);

    /// <inheritdoc/>
    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: (Results.Behavior & CommandBehavior.CloseConnection) != 0);

    /// <summary>The columns with their origin and key information; null when the statement gives no rows.</summary>
    public override DataTable? GetSchemaTable() => ReaderSchema.ToTable(Results.Columns, Results.Connection);

    /// <summary>The columns as <see cref="LsmDbColumn"/>; empty when the statement gives no rows.</summary>
    public ReadOnlyCollection<DbColumn> GetColumnSchema() => ReaderSchema.ToColumns(Results.Columns, Results.Connection);

    /// <summary>Takes the execution that the results are of now.</summary>
    internal void Open()
    {
        _generation = _results.Generation;
        _recordsAffected = _results.RecordsAffected;
    }

    private Task<bool> Async(Func<ResultCursor, bool> move, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        // The token of the execution is watched already; only another one needs its own registration.
        var registration = cancellationToken.CanBeCanceled && !IsClosed && !_results.Watches(cancellationToken)
            ? cancellationToken.UnsafeRegister(static results => ((ResultCursor)results!).Cancel(), _results)
            : default;
        try
        {
            return Task.FromResult(move(Results));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }
        catch (Exception error)
        {
            return Task.FromException<bool>(error);
        }
        finally
        {
            registration.Dispose();
        }
    }

    private ResultColumn Column(int ordinal) => ReaderErrors.At(Results.Columns, ordinal);
}
