using System.Data;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Execution;
using LsmTree.Data.Schemas;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>Where the reader of a command stands: in which of the results of its execution, and at which row.</summary>
/// <remarks>
/// <para>It owns the row sources that the statements gave, and disposes each when it has passed or the reader closes.</para>
/// <para>A command has one, and uses it at every execution. The <see cref="LsmDataReader"/> that the caller gets leads here and remembers the
/// <see cref="Generation"/>, which ends with the execution: whoever keeps a reader past its Dispose finds it closed, and not at the rows of a
/// later execution. The reader objects are used again too, but each one only after <see cref="MostReaders"/> executions (docs/decisions/0016).</para>
/// </remarks>
internal sealed class ResultCursor
{
    /// <summary>Readers of one command: 31 of 40 bytes each. A prime, so that nobody who keeps every tenth or every hundredth meets an open one.</summary>
    public const int MostReaders = 31;

    private Queue<StatementRows>? _following;
    private IReadOnlyList<ResultColumn> _lastColumns = [];
    private ResultColumn[] _lastColumnArray = [];
    private ResultColumn[] _columns = [];
    private IRowSource? _rows;
    private PreparedScript? _script; // whose rows they are
    private int _statement;
    private LsmConnection? _connection;
    private CommandRun? _run;
    private long _execution; // of the run
    private LsmDataReader? _newest; // of the ring of readers
    private int _readers; // in the ring
    private Position _position = Position.Closed;
    private CommandBehavior _behavior;
    private bool _hadRow;
    private bool _isGiven; // to a reader

    private enum Position
    {
        Closed,
        BeforeFirst,

        /// <summary>HasRows has moved to the first row, and Read has not.</summary>
        Peeked,
        OnRow,
        AfterLast,
    }

    public bool IsOpen => _position != Position.Closed;

    /// <summary>One more whenever an execution is closed.</summary>
    public int Generation { get; private set; }

    public CommandBehavior Behavior => _behavior;

    /// <summary>True when statements are described, and not executed.</summary>
    public bool IsSchemaOnly => (_behavior & CommandBehavior.SchemaOnly) != 0;

    /// <summary>What the open execution runs on.</summary>
    public LsmConnection Connection => _connection!;

    /// <summary>The neighbours in the connection's list of open readers, which owns these two links.</summary>
    public ResultCursor? NextOpen { get; set; }

    public ResultCursor? PreviousOpen { get; set; }

    /// <summary>Rows written by all statements; -1 when none counts any.</summary>
    public int RecordsAffected { get; private set; } = -1;

    /// <summary>The columns of the present result; none when there is no result.</summary>
    public ResultColumn[] Columns => _columns;

    public bool HasRows
    {
        get
        {
            if (_position == Position.BeforeFirst && Advance())
            {
                _position = Position.Peeked;
            }

            return _hadRow;
        }
    }

    /// <summary>Begins an execution.</summary>
    /// <param name="connection">What it runs on.</param>
    /// <param name="run">Its run.</param>
    /// <param name="behavior">What the caller asks for.</param>
    public void Open(LsmConnection connection, CommandRun run, CommandBehavior behavior)
    {
        Debug.Assert(_position == Position.Closed, "A reader is opened while it is open.");
        _connection = connection;
        _run = run;
        _execution = run.Execution;
        _isGiven = false;
        _behavior = behavior;
        _position = Position.AfterLast;
        _columns = [];
        _hadRow = false;
        RecordsAffected = -1;
        connection.Readers.Add(this);
    }

    /// <summary>Takes over what a statement has given.</summary>
    public void Add(in StatementResult result, PreparedScript script, int statement)
    {
        RecordsAffected = ScriptExecution.Sum(RecordsAffected, result.RecordsAffected);
        if (result.Rows is null)
        {
            return;
        }

        if (_rows is null)
        {
            Show(new StatementRows(result, script, statement));
        }
        else if ((_behavior & (CommandBehavior.SingleResult | CommandBehavior.SingleRow)) != 0)
        {
            result.Rows.Dispose();
        }
        else
        {
            (_following ??= new Queue<StatementRows>()).Enqueue(new StatementRows(result, script, statement));
        }
    }

    /// <summary>The reader of this execution, whose statements have all been executed.</summary>
    public LsmDataReader GiveReader()
    {
        if (_readers < MostReaders)
        {
            var reader = new LsmDataReader(this);
            reader.NextInRing = _newest?.NextInRing ?? reader;
            if (_newest is not null)
            {
                _newest.NextInRing = reader;
            }

            _newest = reader;
            _readers++;
        }
        else
        {
            _newest = _newest!.NextInRing!;
        }

        _newest.Open();
        _isGiven = true;
        return _newest;
    }

    public bool Read()
    {
        switch (_position)
        {
            case Position.BeforeFirst:
                return Advance();
            case Position.Peeked:
                _position = Position.OnRow;
                return true;
            case Position.OnRow when (_behavior & CommandBehavior.SingleRow) == 0:
                return Advance();
            default:
                _position = Position.AfterLast;
                return false;
        }
    }

    public bool NextResult()
    {
        var run = _run!;
        run.BeginCall();
        try
        {
            return Turn();
        }
        finally
        {
            run.EndCall();
        }
    }

    /// <summary>The value of a column of the current row.</summary>
    /// <exception cref="InvalidOperationException">There is no current row.</exception>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public ResultColumn GetValue(int ordinal, out SqlValue value)
    {
        RequireRow();
        var column = ReaderErrors.At(_columns, ordinal);
        try
        {
            _rows!.GetValue(ordinal, out value); // may compute it
            return column;
        }
        catch (Exception error) when (TryTranslate(error, out var translated))
        {
            throw translated;
        }
    }

    /// <exception cref="InvalidOperationException">There is no current row.</exception>
    public void RequireRow()
    {
        if (_position != Position.OnRow)
        {
            ThrowNoRow();
        }
    }

    /// <summary>True when cancelling <paramref name="token"/> cancels the execution already.</summary>
    public bool Watches(CancellationToken token) => _run!.Watches(token);

    /// <summary>Cancels the execution. May be called from any thread, while a call on it runs.</summary>
    public void Cancel() => _run?.Cancel(_execution);

    /// <summary>Ends the execution, and with CloseConnection closes the connection.</summary>
    /// <exception cref="InvalidOperationException">Another thread is reading, or executes on the connection that is to be closed.</exception>
    public void Close()
    {
        var connection = _connection!;
        End();
        if ((_behavior & CommandBehavior.CloseConnection) != 0)
        {
            connection.Close();
        }
    }

    /// <summary>Ends the execution.</summary>
    /// <exception cref="InvalidOperationException">Another thread is reading.</exception>
    public void End()
    {
        var connection = _connection!;
        var run = _run!;
        run.BeginCall(); // which ends with the execution
        Abandon(run);
        connection.Gate.Return(run);
    }

    /// <summary>The call that executes has ended: its execution goes on with the reader that was given, and is over when none was.</summary>
    public void EndCall(ExecutionGate gate, CommandRun run)
    {
        if (_isGiven && ReferenceEquals(run, _run))
        {
            gate.EndCall(run);
        }
        else
        {
            Abandon(run);
            gate.End(run);
        }
    }

    /// <summary>Disposes what is left of the execution of a run, if that is the one that is open. The run is the caller's to give back.</summary>
    public void Abandon(CommandRun run)
    {
        if (!ReferenceEquals(run, _run))
        {
            return;
        }

        _connection!.Readers.Remove(this);
        _connection = null;
        _position = Position.Closed;
        Generation++;
        _run = null;
        _rows?.Dispose();
        _rows = null;
        while (_following is not null && _following.TryDequeue(out var next))
        {
            next.Result.Rows!.Dispose();
        }
    }

    private bool Turn()
    {
        _rows?.Dispose();
        _rows = null;
        if (_following is not null && _following.TryDequeue(out var next))
        {
            Show(next);
            return true;
        }

        _columns = [];
        _position = Position.AfterLast;
        _hadRow = false;
        return false;
    }

    private void Show(in StatementRows given)
    {
        var result = given.Result;
        _script = given.Script;
        _statement = given.Statement;
        _rows = result.Rows;
        if (!ReferenceEquals(_lastColumns, result.Columns)) // a plan gives the same list at every execution
        {
            _lastColumns = result.Columns;
            _lastColumnArray = result.Columns as ResultColumn[] ?? [.. result.Columns];
        }

        _columns = _lastColumnArray;
        _hadRow = false;
        _position = (_behavior & CommandBehavior.SchemaOnly) != 0 ? Position.AfterLast : Position.BeforeFirst;
    }

    private bool Advance()
    {
        var run = _run!;
        run.BeginCall();
        try
        {
            var found = _rows!.Read();
            _position = found ? Position.OnRow : Position.AfterLast;
            _hadRow |= found;
            return found;
        }
        catch (Exception error) when (TryTranslate(error, out var translated))
        {
            throw translated;
        }
        finally
        {
            run.EndCall();
        }
    }

    private bool TryTranslate(Exception error, [NotNullWhen(true)] out Exception? translated)
    {
        _run!.TurnTo(_script!, _statement); // the run stands at the statement that was executed last
        return _run.TryTranslate(error, out translated);
    }

    [DoesNotReturn]
    private void ThrowNoRow() => throw ReaderErrors.NoRow(_position == Position.AfterLast);
}
