namespace LsmTree.Crash.Tests.Simulation;

/// <summary>Which operations of a <see cref="SimFileSystem"/> fail, by their number counted over all kinds, reads too.</summary>
internal sealed class SimFaultPlan
{
    private readonly long _at;
    private readonly SimFault _fault;
    private readonly bool _sticky;
    private readonly List<SimEventKind> _seen = [];

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

    /// <summary>The first operation that failed, in words.</summary>
    public string? FirstFired { get; private set; }

    /// <summary>The error for operation <paramref name="number"/>; null when it succeeds.</summary>
    public Exception? ErrorFor(long number, SimEventKind kind, string path)
    {
        _seen.Add(kind);
        if (!IsArmed || number < _at || (number > _at && !_sticky) || !_fault.Concerns(kind))
        {
            return null;
        }

        Fired++;
        FirstFired ??= $"{kind} {Path.GetFileName(path)}";
        return _fault.Create(kind, path);
    }
}
