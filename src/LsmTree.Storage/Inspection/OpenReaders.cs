using LsmTree.Storage.Views;

namespace LsmTree.Storage.Inspection;

/// <summary>Who holds a moment of the store: the list of snapshots and transactions, and that of cursors, as one.</summary>
internal sealed class OpenReaders(SnapshotList snapshots, CursorList cursors, TimeProvider time)
{
    public int Count => snapshots.Count + cursors.Count;

    /// <summary>Age of the oldest; zero when there is none.</summary>
    public TimeSpan OldestAge() => snapshots.OldestAge() is var age && cursors.OldestAge() is var other && age > other ? age : other;

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<ReaderDescription> List()
    {
        var readers = new List<ReaderDescription>();
        snapshots.ForEach(Describe);
        cursors.ForEach(Describe);
        readers.Sort(static (a, b) => b.Age.CompareTo(a.Age));
        return readers;

        void Describe(ReaderHandle handle) => readers.Add(new ReaderDescription(handle.Kind, (long)handle.Sequence, time.GetElapsedTime(handle.Since), handle.Stack));
    }
}
