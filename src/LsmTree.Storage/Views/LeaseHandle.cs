using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Views;

/// <summary>What the copies of one lease share: the view that they hold, and the cached block, to be let go once. Lent from a pool, with a number for each loan.</summary>
/// <remarks>A lease is a value and may be copied; so its end is noted here, where all copies see it, and a copy of an ended lease has an old number.</remarks>
internal sealed class LeaseHandle
{
    private readonly BlockCache _cache;
    private StoreView? _view;
    private BlockFrame _frame;
    private int _loan;

    public LeaseHandle(BlockCache cache)
    {
        _cache = cache;
    }

    /// <summary>Begins a loan, over a counted view and a pinned block, if the value lies in one. Only for a handle that is in nobody's hands.</summary>
    public int Begin(StoreView view, BlockFrame frame)
    {
        _view = view;
        _frame = frame;
        return Volatile.Read(ref _loan);
    }

    public bool IsHeld(int loan) => Volatile.Read(ref _loan) == loan;

    /// <summary>Ends the loan; false when it is over already.</summary>
    public bool TryEnd(int loan)
    {
        if (Interlocked.CompareExchange(ref _loan, loan + 1, loan) != loan)
        {
            return false;
        }

        var (view, frame) = (_view!, _frame);
        _view = null;
        _frame = default;
        if (frame.Exists)
        {
            _cache.Release(frame);
        }

        view.Release();
        return true;
    }
}
