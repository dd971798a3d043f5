#pragma warning disable CS1591, CA1822, CA1065 // the surface is drawn before it is filled
using System.Data;

namespace LsmTree.Data.Sessions;

/// <summary>A transaction of a session. Text (BEGIN, COMMIT) and objects (BeginTransaction, Commit) share it.</summary>
internal sealed class SessionTransaction
{
    public IsolationLevel IsolationLevel => throw new NotImplementedException();

    /// <summary>False once it was committed or rolled back, also by text.</summary>
    public bool IsActive => throw new NotImplementedException();

    public void Commit() => throw new NotImplementedException();
    public ValueTask CommitAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
    public void Rollback() => throw new NotImplementedException();
    public void Save(string name) => throw new NotImplementedException();
    public void RollbackTo(string name) => throw new NotImplementedException();
    public void Release(string name) => throw new NotImplementedException();
}
