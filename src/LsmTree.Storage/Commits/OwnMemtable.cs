using LsmTree.Storage.Memtables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>A memtable that is made ready for a view. When its maker is done it lives as long as a view leads to it, and when it has come into none it is freed.</summary>
internal sealed class OwnMemtable : IDisposable
{
    private readonly ViewCell _views;

    public OwnMemtable(Memtable memtable, ViewCell views)
    {
        Memtable = memtable;
        _views = views;
    }

    public Memtable Memtable { get; }

    public void Dispose() => _views.LetGo(Memtable);
}
