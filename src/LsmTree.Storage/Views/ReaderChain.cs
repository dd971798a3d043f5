using System.Diagnostics;

namespace LsmTree.Storage.Views;

/// <summary>Readers in the order in which they came. Whoever changes it, or looks at <see cref="Oldest"/>, holds <see cref="Gate"/>.</summary>
internal sealed class ReaderChain
{
    private ReaderHandle? _newest; // guarded by Gate
    private int _count; // changed under Gate

    public Lock Gate { get; } = new();

    public int Count => Volatile.Read(ref _count);

    public ReaderHandle? Oldest { get; private set; }

    public void Add(ReaderHandle handle)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread && handle.Chain is null, "The chain is guarded by its gate, and a handle is in one place.");
        handle.Chain = this;
        handle.Older = _newest;
        if (_newest is null)
        {
            Oldest = handle;
        }
        else
        {
            _newest.Newer = handle;
        }

        _newest = handle;
        _count++;
    }

    /// <summary>Takes <paramref name="handle"/> out. It leads to no other afterwards: whoever keeps it keeps nothing else.</summary>
    public void Remove(ReaderHandle handle)
    {
        Debug.Assert(Gate.IsHeldByCurrentThread && handle.Chain == this, "The chain is guarded by its gate, and the handle is in it.");
        if (handle.Older is null)
        {
            Oldest = handle.Newer;
        }
        else
        {
            handle.Older.Newer = handle.Newer;
        }

        if (handle.Newer is null)
        {
            _newest = handle.Older;
        }
        else
        {
            handle.Newer.Older = handle.Older;
        }

        handle.Older = null;
        handle.Newer = null;
        handle.Chain = null;
        _count--;
    }

    /// <summary>Calls <paramref name="visit"/> for every handle, oldest first, under the lock that those who come and go take.</summary>
    public void ForEach(Action<ReaderHandle> visit)
    {
        lock (Gate)
        {
            for (var handle = Oldest; handle is not null; handle = handle.Newer)
            {
                visit(handle);
            }
        }
    }
}
