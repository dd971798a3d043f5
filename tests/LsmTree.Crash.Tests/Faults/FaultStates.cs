namespace LsmTree.Crash.Tests.Faults;

/// <summary>What a store that met refusals may hold: whole states, so that a commit that is there by half is in none of them.</summary>
internal sealed class FaultStates
{
    private const int Most = 256; // scripts have at most some dozens of commits since the last durable one

    private readonly List<int[]> _present = [new int[Images.ImageHistory.KeyCount]];
    private readonly List<int[]> _afterCut = [new int[Images.ImageHistory.KeyCount]];

    /// <summary>What readers may see, and what is there after the process has died: two states and more while a write is in doubt.</summary>
    public IReadOnlyList<int[]> Present => _present;

    /// <summary>What a power cut may leave: the state after any commit from the last durable one on.</summary>
    public IReadOnlyList<int[]> AfterCut => _afterCut;

    /// <summary>A commit that returned.</summary>
    public void Acknowledge(Action<int[]> change)
    {
        for (var i = 0; i < _present.Count; i++)
        {
            _present[i] = Changed(_present[i], change);
        }

        _present.ForEach(state => Add(_afterCut, state));
    }

    /// <summary>A commit of which only a reopen can tell whether it is there.</summary>
    public void Doubt(Action<int[]> change)
    {
        foreach (var state in _present.ToArray())
        {
            Add(_present, Changed(state, change));
        }

        _present.ForEach(state => Add(_afterCut, state));
    }

    /// <summary>Everything acknowledged is durable now.</summary>
    public void MakeDurable()
    {
        _afterCut.Clear();
        _afterCut.AddRange(_present);
    }

    /// <summary>A store that was opened has shown, in part or whole, which of the states it is in.</summary>
    public void Settle(IReadOnlyList<int[]> expected, int[] seen)
    {
        var matching = expected.Where(state => Matches(state, seen)).ToList();
        _present.Clear();
        _present.AddRange(matching);
        MakeDurable();
    }

    /// <summary>Whether one of the states is the one that was read; -1 stands for a key that could not be.</summary>
    public static bool Contain(IReadOnlyList<int[]> states, int[] seen)
    {
        for (var i = 0; i < states.Count; i++)
        {
            if (Matches(states[i], seen))
            {
                return true;
            }
        }

        return false;
    }

    public static string Show(IEnumerable<int[]> states) => string.Join(" | ", states.Select(static state => string.Join(' ', state)));

    private static bool Matches(int[] state, int[] seen)
    {
        for (var key = 0; key < seen.Length; key++)
        {
            if (seen[key] >= 0 && seen[key] != state[key])
            {
                return false;
            }
        }

        return true;
    }

    private static int[] Changed(int[] state, Action<int[]> change)
    {
        var changed = (int[])state.Clone();
        change(changed);
        return changed;
    }

    private static void Add(List<int[]> states, int[] state)
    {
        if (!states.Exists(other => other.AsSpan().SequenceEqual(state)))
        {
            states.Add(state);
            if (states.Count > Most)
            {
                throw new FaultException($"more than {Most} states are possible");
            }
        }
    }
}
