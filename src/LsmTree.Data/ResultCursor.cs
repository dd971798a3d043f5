using System.Data;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Execution;
using LsmTree.Data.Schemas;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>Where a reader stands: in which of the results of its execution, and at which row.</summary>
/// <remarks>It owns the row sources that the statements gave, and disposes each when it has passed or the reader closes.</remarks>
internal sealed class ResultCursor
{
    private Queue<StatementRows>? _following;
    private IReadOnlyList<ResultColumn> _lastColumns = [];
    private ResultColumn[] _lastColumnArray = [];
    private ResultColumn[] _columns = [];
    private IRowSource? _rows;
    private PreparedScript? _script; // whose rows they are
    private int _statement;
    private CommandRun? _run;
    private Position _position = Position.Closed;
    private CommandBehavior _behavior;
    private bool _hadRow;

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

    public CommandBehavior Behavior => _behavior;

    /// <summary>The run of the open execution; null when closed.</summary>
    public CommandRun? Run => _run;

    /// <summary>Rows written by all statements; -1 when none counts any. Survives the closing.</summary>
    public int RecordsAffected { get; private set; } = -1;

    /// <summary>The columns of the present result; none when there is no result.</summary>
    /// <exception cref="InvalidOperationException">Closed.</exception>
    public ResultColumn[] Columns => _position != Position.Closed ? _columns : throw ReaderErrors.Closed();

    public bool HasRows
    {
        get
        {
            _ = Columns;
            if (_position == Position.BeforeFirst && Advance())
            {
                _position = Position.Peeked;
            }

            return _hadRow;
        }
    }

    public void Open(CommandRun run, CommandBehavior behavior)
    {
        Debug.Assert(_position == Position.Closed, "A reader is opened while it is open.");
        _run = run;
        _behavior = behavior;
        _position = Position.AfterLast;
        _columns = [];
        _hadRow = false;
        RecordsAffected = -1;
    }

    /// <summary>Takes over what a statement has given.</summary>
    public void Add(in StatementRows given)
    {
        var result = given.Result;
        RecordsAffected = ScriptExecution.Sum(RecordsAffected, result.RecordsAffected);
        if (result.Rows is null)
        {
            return;
        }

        if (_rows is null)
        {
            Show(given);
        }
        else if ((_behavior & (CommandBehavior.SingleResult | CommandBehavior.SingleRow)) != 0)
        {
            result.Rows.Dispose();
        }
        else
        {
            (_following ??= new Queue<StatementRows>()).Enqueue(given);
        }
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
            case Position.Closed:
                throw ReaderErrors.Closed();
            default:
                _position = Position.AfterLast;
                return false;
        }
    }

    public bool NextResult()
    {
        _ = Columns;
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

    /// <summary>Disposes what is left. The run is the caller's to give back.</summary>
    public void Close()
    {
        _position = Position.Closed;
        _run = null;
        _rows?.Dispose();
        _rows = null;
        while (_following is not null && _following.TryDequeue(out var next))
        {
            next.Result.Rows!.Dispose();
        }
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
    private void ThrowNoRow() => throw (_position == Position.Closed ? ReaderErrors.Closed() : ReaderErrors.NoRow(_position == Position.AfterLast));
}
