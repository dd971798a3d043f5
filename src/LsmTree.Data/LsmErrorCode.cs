namespace LsmTree.Data;

/// <summary>What went wrong, as a closed list; each has one SQLSTATE (<see cref="LsmException.SqlState"/>).</summary>
public enum LsmErrorCode
{
    /// <summary>The text is not a statement of the dialect: 42601.</summary>
    Syntax,

    /// <summary>The text is too long, too deep or has too many items: 54000.</summary>
    LimitExceeded,

    /// <summary>A known SQL feature that this dialect leaves out: 0A000.</summary>
    NotSupported,

    /// <summary>No such table: 42P01.</summary>
    UndefinedTable,

    /// <summary>No such column: 42703.</summary>
    UndefinedColumn,

    /// <summary>No such function, or not with these arguments: 42883.</summary>
    UndefinedFunction,

    /// <summary>The statement names a parameter that the command does not have: 42P02.</summary>
    UndefinedParameter,

    /// <summary>A table with this name exists: 42P07.</summary>
    DuplicateTable,

    /// <summary>A column is named twice: 42701.</summary>
    DuplicateColumn,

    /// <summary>A declaration or use that makes no sense, such as a primary key of unknown columns: 42P16.</summary>
    InvalidDefinition,

    /// <summary>Operands whose types do not go together: 42804.</summary>
    DatatypeMismatch,

    /// <summary>A value cannot be converted to the type that is needed: 22018.</summary>
    InvalidConversion,

    /// <summary>A number is outside the range of its type: 22003.</summary>
    OutOfRange,

    /// <summary>Division by zero: 22012.</summary>
    DivisionByZero,

    /// <summary>The key exists: 23505.</summary>
    UniqueViolation,

    /// <summary>NULL for a column that is NOT NULL: 23502.</summary>
    NotNullViolation,

    /// <summary>A write on a read-only connection or store: 25006.</summary>
    ReadOnly,

    /// <summary>No transaction is active where one must be, or one is where none may be: 25P01.</summary>
    InvalidTransactionState,

    /// <summary>There is no savepoint of this name: 3B001.</summary>
    UndefinedSavepoint,

    /// <summary>Another transaction committed first: 40001; run the transaction again.</summary>
    SerializationFailure,

    /// <summary>The store is in use by another process: 55P03.</summary>
    StoreLocked,

    /// <summary>The statement was cancelled or ran out of time: 57014.</summary>
    Canceled,

    /// <summary>The disk is full: 53100.</summary>
    DiskFull,

    /// <summary>A sort or a transaction needs more memory than its budget: 53200.</summary>
    OutOfMemoryBudget,

    /// <summary>The operating system refused to read or write: 58030.</summary>
    IoError,

    /// <summary>Stored bytes are damaged: XX001.</summary>
    Corruption,

    /// <summary>The commit failed in a way that leaves open whether it will be found after a reopen: 40003.</summary>
    CommitOutcomeUnknown,

    /// <summary>An earlier error has stopped writes: 57P04.</summary>
    StoreFailed,

    /// <summary>The directory is not a store, or its format is newer: 58P01.</summary>
    NotAStore,

    /// <summary>The connection string asks for something that the open engine does differently: 55000.</summary>
    OptionsConflict,

    /// <summary>A bug in the provider: XX000.</summary>
    Internal,

    /// <summary>The plan reads every row of a table, and the connection string does not allow that: 53400.</summary>
    FullScanRefused,

    /// <summary>A text or bytes longer than the column's declared length, such as the n of VARCHAR(n): 22001.</summary>
    ValueTooLong,
}
