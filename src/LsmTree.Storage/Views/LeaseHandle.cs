namespace LsmTree.Storage.Views;

/// <summary>What the copies of one lease share: the view that they hold, to be let go once. Lent from a pool, with a number for each loan.</summary>
/// <remarks>A lease is a value and may be copied; so its end is noted here, where all copies see it, and a copy of an ended lease has an old number.</remarks>
internal sealed class LeaseHandle
{
    private StoreView? _view;
    private int _loan;

    /// <summary>Begins a loan, over a counted view. Only for a handle that is in nobody's hands.</summary>
    public int Begin(StoreView view)
    {
        _view = view;
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

        var view = _view!;
        _view = null;
        view.Release();
        return true;
    }
}
