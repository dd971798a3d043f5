namespace LsmTree.Data;

/// <summary>What the open readers of a connection read, in a list that runs through it: opening and closing one allocates nothing.</summary>
internal sealed class OpenReaders
{
    /// <summary>That of the reader that was opened last; null when none is open.</summary>
    public ResultCursor? Newest { get; private set; }

    public void Add(ResultCursor results)
    {
        results.NextOpen = Newest;
        if (Newest is not null)
        {
            Newest.PreviousOpen = results;
        }

        Newest = results;
    }

    public void Remove(ResultCursor results)
    {
        if (results.PreviousOpen is null)
        {
            Newest = results.NextOpen;
        }
        else
        {
            results.PreviousOpen.NextOpen = results.NextOpen;
        }

        if (results.NextOpen is not null)
        {
            results.NextOpen.PreviousOpen = results.PreviousOpen;
        }

        results.NextOpen = null;
        results.PreviousOpen = null;
    }
}
