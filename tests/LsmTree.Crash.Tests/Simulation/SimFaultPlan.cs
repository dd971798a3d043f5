namespace LsmTree.Crash.Tests.Simulation;

/// <summary>Which operations of a <see cref="SimFileSystem"/> fail, by their number counted over all kinds, reads too.</summary>
internal sealed class SimFaultPlan
{
    private const int MostRefusals = 32; // a fault that stays is met thousands of times

    private readonly long _at;
    private readonly SimFault _fault;
    private readonly bool _sticky;
    private readonly List<SimEventKind> _seen = [];
    private readonly List<SimRefusal> _refusals = [];
    private int _step;

    public SimFaultPlan(long at, SimFault fault, bool sticky)
    {
        _at = at;
        _fault = fault;
        _sticky = sticky;
    }

    /// <summary>Whether the fault is still in the machine; false heals it.</summary>
    public bool IsArmed { get; set; } = true;

    /// <summary>What every operation so far was.</summary>
    public IReadOnlyList<SimEventKind> Seen => _seen;

    /// <summary>Failures that were handed out.</summary>
    public int Fired { get; private set; }

    /// <summary>The first of them, in their order.</summary>
    public IReadOnlyList<SimRefusal> Refusals => _refusals;

    /// <summary>The first of all; null when nothing was refused.</summary>
    public SimRefusal? First => _refusals is [var first, ..] ? first : null;

    /// <summary>What the workload is doing, for <see cref="SimRefusal.Phase"/>.</summary>
    public char Phase
    {
        get;
        set
        {
            field = value;
            _step++;
        }
    }

    /// <summary>What a failed fsync does to the pages that it could not write.</summary>
    public AfterFailedSync AfterSync => _fault.AfterSync;

    /// <summary>The error for operation <paramref name="number"/>; null when it succeeds.</summary>
    public Exception? ErrorFor(long number, SimEventKind kind, string path)
    {
        _seen.Add(kind);
        if (!IsArmed || number < _at || (number > _at && !_sticky) || !_fault.Concerns(kind))
        {
            return null;
        }

        Fired++;
        var error = _fault.Create(kind, path);
        if (_refusals.Count < MostRefusals)
        {
            _refusals.Add(new SimRefusal(kind, path, error, Phase, _step));
        }

        return error;
    }
}
