namespace LsmTree.Data;

/// <summary>The open readers of a connection, in a list that runs through them: opening and closing one allocates nothing.</summary>
internal sealed class OpenReaders
{
    /// <summary>The reader that was opened last; null when none is open.</summary>
    public LsmDataReader? Newest { get; private set; }

    public void Add(LsmDataReader reader)
    {
        reader.NextOpen = Newest;
        if (Newest is not null)
        {
            Newest.PreviousOpen = reader;
        }

        Newest = reader;
    }

    public void Remove(LsmDataReader reader)
    {
        if (reader.PreviousOpen is null)
        {
            Newest = reader.NextOpen;
        }
        else
        {
            reader.PreviousOpen.NextOpen = reader.NextOpen;
        }

        if (reader.NextOpen is not null)
        {
            reader.NextOpen.PreviousOpen = reader.PreviousOpen;
        }

        reader.NextOpen = null;
        reader.PreviousOpen = null;
    }
}
