using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>Asked under the commit gate, before anything is written; throws <see cref="ConflictException"/> to refuse the commit.</summary>
/// <param name="view">The view that the commit will write to; it cannot change during the call.</param>
/// <param name="lastSequence">The newest sequence number given out so far.</param>
internal delegate void CommitCheck(StoreView view, ulong lastSequence);
