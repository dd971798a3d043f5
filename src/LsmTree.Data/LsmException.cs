using System.Data.Common;

namespace LsmTree.Data;

/// <summary>Everything that goes wrong between a statement and the store, with a SQLSTATE and, where there is one, a place in the text.</summary>
public sealed class LsmException : DbException
{
    private readonly string _said; // without place and hint

    /// <summary>Describes an error.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">What, where and what to do, in English. The place is appended when <paramref name="line"/> is given.</param>
    /// <param name="line">The line in the command text, from 1; 0 when there is no place.</param>
    /// <param name="column">The column in the line, from 1 in UTF-16 units; 0 when there is no place.</param>
    /// <param name="hint">What to do about it, as a sentence of its own; null when the message says all.</param>
    /// <param name="inner">The cause.</param>
    public LsmException(LsmErrorCode code, string message, int line = 0, int column = 0, string? hint = null, Exception? inner = null)
        : base(line > 0 ? $"{message} (line {line}, column {column}){(hint is null ? "" : ": " + hint)}" : hint is null ? message : $"{message}: {hint}", inner)
    {
        _said = message;
        Code = code;
        Line = line;
        Column = column;
        Hint = hint;
    }

    /// <summary>What went wrong.</summary>
    public LsmErrorCode Code { get; }

    /// <summary>The line in the command text, from 1; 0 when the error has no place.</summary>
    public int Line { get; }

    /// <summary>The column in the line, from 1; 0 when the error has no place.</summary>
    public int Column { get; }

    /// <summary>What to do about it; null when the message says all.</summary>
    public string? Hint { get; }

    /// <summary>
    /// The statement that failed, as it was written, of a text that may have several; null for an error of none, such as that of a commit,
    /// and for a text that is not understood. It is not part of the message, because its literals may be confidential.
    /// </summary>
    public string? Statement { get; internal set; }

    /// <summary>The command of a batch that failed; null outside of one, and for an error of its commit.</summary>
    public new LsmBatchCommand? BatchCommand { get; internal set; }

    /// <summary>The same error, with its place in the text.</summary>
    internal LsmException At(int line, int column) => new(Code, _said, line, column, Hint, inner: this);

    /// <summary>The same error, with what it is about before its message.</summary>
    internal LsmException About(string subject) => new(Code, $"{subject}: {_said}", Line, Column, Hint, inner: this);

    /// <inheritdoc/>
    protected override DbBatchCommand? DbBatchCommand => BatchCommand;

    /// <inheritdoc/>
    public override string SqlState => Code switch
    {
        LsmErrorCode.Syntax => "42601",
        LsmErrorCode.LimitExceeded => "54000",
        LsmErrorCode.NotSupported => "0A000",
        LsmErrorCode.UndefinedTable => "42P01",
        LsmErrorCode.UndefinedColumn => "42703",
        LsmErrorCode.UndefinedFunction => "42883",
        LsmErrorCode.UndefinedParameter => "42P02",
        LsmErrorCode.DuplicateTable => "42P07",
        LsmErrorCode.DuplicateColumn => "42701",
        LsmErrorCode.InvalidDefinition => "42P16",
        LsmErrorCode.DatatypeMismatch => "42804",
        LsmErrorCode.InvalidConversion => "22018",
        LsmErrorCode.OutOfRange => "22003",
        LsmErrorCode.DivisionByZero => "22012",
        LsmErrorCode.UniqueViolation => "23505",
        LsmErrorCode.NotNullViolation => "23502",
        LsmErrorCode.ReadOnly => "25006",
        LsmErrorCode.InvalidTransactionState => "25P01",
        LsmErrorCode.UndefinedSavepoint => "3B001",
        LsmErrorCode.SerializationFailure => "40001",
        LsmErrorCode.StoreLocked => "55P03",
        LsmErrorCode.Canceled => "57014",
        LsmErrorCode.DiskFull => "53100",
        LsmErrorCode.OutOfMemoryBudget => "53200",
        LsmErrorCode.IoError => "58030",
        LsmErrorCode.Corruption => "XX001",
        LsmErrorCode.CommitOutcomeUnknown => "40003",
        LsmErrorCode.StoreFailed => "57P04",
        LsmErrorCode.NotAStore => "58P01",
        LsmErrorCode.OptionsConflict => "55000",
        LsmErrorCode.FullScanRefused => "53400",
        LsmErrorCode.ValueTooLong => "22001",
        _ => "XX000",
    };

    /// <inheritdoc/>
    public override bool IsTransient => Code is LsmErrorCode.SerializationFailure or LsmErrorCode.StoreLocked or LsmErrorCode.DiskFull;
}
