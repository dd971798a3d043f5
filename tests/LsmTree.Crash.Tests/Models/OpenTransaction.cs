using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models;

/// <summary>A transaction that stays open while others commit: what it should see, and what would be a conflict.</summary>
internal sealed class OpenTransaction
{
    private readonly List<(StoreSavepoint Savepoint, ModelState State, int Edits)> _savepoints = [];
    private readonly List<(int From, int To, long Number)> _edits = [];
    private readonly HashSet<int> _reads = [];
    private bool _hasReadAll;

    public OpenTransaction(StoreTransaction transaction, ModelState state, long began)
    {
        Transaction = transaction;
        State = state;
        Began = began;
    }

    public StoreTransaction Transaction { get; }

    /// <summary>The moment that it began at, with its own edits.</summary>
    public ModelState State { get; private set; }

    /// <summary>The step at which it began.</summary>
    public long Began { get; }

    public int Savepoints => _savepoints.Count;

    public IReadOnlyList<(int From, int To, long Number)> Edits => _edits;

    private bool ChecksReads => Transaction.Isolation == TransactionIsolation.Serializable;

    public void Put(int key, long number)
    {
        State.Put(key, number);
        _edits.Add((key, key + 1, number));
    }

    public void Delete(int key)
    {
        State.Delete(key);
        _edits.Add((key, key + 1, 0));
    }

    public void DeleteRange(int from, int to)
    {
        State.DeleteRange(from, to);
        if (from < to)
        {
            _edits.Add((from, to, -1));
        }
    }

    /// <summary>Remembers a read of the store; what the transaction has written itself is none.</summary>
    public void Read(int key)
    {
        if (!_edits.Exists(edit => key >= edit.From && key < edit.To))
        {
            _reads.Add(key);
        }
    }

    public void ReadAll() => _hasReadAll = true;

    public void Save() => _savepoints.Add((Transaction.CreateSavepoint(), State.Copy(), _edits.Count));

    public void RollbackTo(int index)
    {
        var (savepoint, state, edits) = _savepoints[index];
        Transaction.RollbackTo(savepoint);
        State = state.Copy();
        _edits.RemoveRange(edits, _edits.Count - edits);
        _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
    }

    /// <summary>Whether somebody has written since it began what it wrote, or, when that is checked, read.</summary>
    public bool Conflicts(ReadOnlySpan<long> writtenAt)
    {
        if (_edits.Count == 0)
        {
            return false;
        }

        foreach (var (from, to, _) in _edits)
        {
            for (var key = from; key < to; key++)
            {
                if (writtenAt[key] > Began)
                {
                    return true;
                }
            }
        }

        if (!ChecksReads)
        {
            return false;
        }

        foreach (var key in _reads)
        {
            if (writtenAt[key] > Began)
            {
                return true;
            }
        }

        return _hasReadAll && writtenAt.ContainsAnyInRange(Began + 1, long.MaxValue);
    }
}
