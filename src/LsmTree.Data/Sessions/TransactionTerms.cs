using System.Data;

namespace LsmTree.Data.Sessions;

/// <summary>What is asked of a transaction when it begins.</summary>
/// <param name="IsolationLevel">The level; what is weaker than Snapshot is raised to it.</param>
/// <param name="IsDeferred">True when its moment is that of its first statement, not of its beginning.</param>
/// <param name="IsReadOnly">True when it refuses writes.</param>
internal readonly record struct TransactionTerms(IsolationLevel IsolationLevel, bool IsDeferred = false, bool IsReadOnly = false);
