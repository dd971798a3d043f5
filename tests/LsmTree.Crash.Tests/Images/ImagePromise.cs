using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>Which commits a crash must have spared, and which it can have spared, as the marks of a journal tell.</summary>
internal struct ImagePromise
{
    private int _begun; // changes with every mark
    private int _acknowledged;
    private int _durable;

    /// <summary>Copies of the store that are complete, and must open.</summary>
    public int Copies { get; private set; }

    /// <summary>The last commit that can be there.</summary>
    public readonly int Most => _begun;

    /// <summary>The last commit that must be there.</summary>
    public readonly int Least(Persistence persistence, Durability durability) => persistence switch
    {
        Persistence.Everything or Persistence.TornWrite when durability != Durability.Off => _acknowledged,
        _ => _durable,
    };

    public void Advance(in SimEvent step)
    {
        switch (step.Mark)
        {
            case SimMark.Begun:
                _begun = step.Value;
                break;
            case SimMark.Acknowledged:
                _acknowledged = step.Value;
                break;
            case SimMark.Copied:
                Copies = step.Value;
                break;
            default:
                _durable = Math.Max(_durable, step.Value);
                break;
        }
    }
}
