#pragma warning disable CS1591, CA1822, CA1065, CA1816 // the surface is drawn before it is filled
using System.Data;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Sessions;

/// <summary>One connection's way to the engine it shares: prepares texts, executes statements, holds the transaction. Used by one thread at a time.</summary>
internal sealed class Session : IDisposable
{
    private Session() { }

    /// <summary>Opens, or joins, the engine of a directory.</summary>
    /// <exception cref="LsmException">StoreLocked, NotAStore, OptionsConflict, Corruption, IoError.</exception>
    public static Session Open(SessionSettings settings, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The raw engine.</summary>
    public LsmStore Store => throw new NotImplementedException();

    /// <summary>The full path of the directory, or the name of the store in memory.</summary>
    public string DataSource => throw new NotImplementedException();

    public string ServerVersion => throw new NotImplementedException();

    /// <summary>The transaction that BEGIN (as text or by BeginTransaction) has started; null in autocommit.</summary>
    public SessionTransaction? Transaction => throw new NotImplementedException();

    /// <summary>Parses and plans a text, or finds it in the engine's plan cache.</summary>
    public PreparedScript Prepare(string text) => throw new NotImplementedException();

    /// <summary>True when the script was planned against today's schema; a stale one is prepared again.</summary>
    public bool IsCurrent(PreparedScript script) => throw new NotImplementedException();

    /// <summary>
    /// Executes one statement of a script, in the transaction when there is one, else in autocommit. Changes are done when this returns;
    /// rows are read as the source is read.
    /// </summary>
    public StatementResult Execute(PreparedScript script, int statement, ParameterSet parameters, ExecutionLimits limits) => throw new NotImplementedException();

    /// <summary>As <see cref="Execute"/>, awaiting the shared fsync of an autocommit write without holding a thread.</summary>
    public ValueTask<StatementResult> ExecuteAsync(PreparedScript script, int statement, ParameterSet parameters, ExecutionLimits limits) => throw new NotImplementedException();

    /// <summary>The first value of the first row, without making a row source; false when the statement gives no row.</summary>
    public bool TryExecuteScalar(PreparedScript script, int statement, ParameterSet parameters, ExecutionLimits limits, out SqlValue value) => throw new NotImplementedException();

    /// <summary>Starts a transaction; weaker levels than Snapshot are raised to it.</summary>
    public SessionTransaction Begin(IsolationLevel isolationLevel) => throw new NotImplementedException();

    /// <summary>Tables, columns and keys for GetSchema.</summary>
    public IReadOnlyList<Schemas.TableSchema> Tables() => throw new NotImplementedException();

    /// <summary>Rolls an open transaction back and leaves the engine.</summary>
    public void Dispose() => throw new NotImplementedException();

    /// <summary>Closes the idle engine of a directory now; null closes every idle engine.</summary>
    public static void ClearPool(SessionSettings? settings) => throw new NotImplementedException();
}
