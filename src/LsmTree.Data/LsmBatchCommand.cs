using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Sessions;
using LsmTree.Data.Values;

namespace LsmTree.Data;

/// <summary>A text and its parameters, as one of the commands of a batch.</summary>
public sealed class LsmBatchCommand : DbBatchCommand
{
    private LsmParameterCollection? _parameters;
    private PreparedScript? _script;
    private Session? _scriptSession;
    private string _text = "";
    private CommandType _type = CommandType.Text;
    private int _recordsAffected = -1;

    /// <summary>A command without text.</summary>
    public LsmBatchCommand()
    {
    }

    /// <summary>A command with a text.</summary>
    /// <param name="commandText">The statements.</param>
    public LsmBatchCommand(string? commandText)
    {
        CommandText = commandText;
    }

    /// <summary>One or more statements, separated by semicolons. Default: empty.</summary>
    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set
        {
            value ??= "";
            if (!string.Equals(_text, value, StringComparison.Ordinal))
            {
                _text = value;
                _script = null;
            }
        }
    }

    /// <inheritdoc/>
    public override CommandType CommandType
    {
        get => _type;
        set => _type = value is CommandType.Text or CommandType.StoredProcedure
            ? value
            : throw new NotSupportedException($"CommandType.{value} is not supported; write SELECT * FROM the table.");
    }

    /// <summary>Rows that this command wrote in the last execution of its batch; -1 when it counts none.</summary>
    public override int RecordsAffected => _recordsAffected;

    /// <inheritdoc cref="DbBatchCommand.Parameters"/>
    public new LsmParameterCollection Parameters => _parameters ??= new LsmParameterCollection();

    /// <inheritdoc/>
    public override bool CanCreateParameter => true;

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => Parameters;

    /// <summary>The values for an execution; each command has its own, since its rows may be read while the next one runs.</summary>
    internal ParameterSet Values { get; } = new();

    /// <inheritdoc/>
    public override LsmParameter CreateParameter() => new();

    internal PreparedScript ScriptFor(Session session)
    {
        if (_text.Length == 0)
        {
            throw new InvalidOperationException("A command of the batch has no text. Set CommandText.");
        }

        ScriptExecution.CheckType(_type, _text);
        if (_script is null || !ReferenceEquals(_scriptSession, session) || !session.IsCurrent(_script))
        {
            _script = session.Prepare(_text);
            _scriptSession = session;
        }

        return _script;
    }

    internal void Bind(CommandRun run)
    {
        _recordsAffected = -1;
        Values.Clear();
        _parameters?.Bind(run, Values);
    }

    internal void Count(int recordsAffected) => _recordsAffected = ScriptExecution.Sum(_recordsAffected, recordsAffected);
}
