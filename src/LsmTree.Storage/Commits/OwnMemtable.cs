using LsmTree.Storage.Memtables;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Commits;

/// <summary>A memtable that is made ready for a view. Once it is in one (<see cref="Installed"/>) it lives as long as a view leads to it; otherwise its maker frees it.</summary>
internal sealed class OwnMemtable : IDisposable
{
    private readonly ViewCell _views;
    private bool _isInstalled;

    public OwnMemtable(Memtable memtable, ViewCell views)
    {
        Memtable = memtable;
        _views = views;
    }

    public Memtable Memtable { get; }

    /// <summary>
    /// The views have it, and give it back. Its maker must not: by the time it is done the last of these views may have gone, and readers that found the memtable
    /// there still be in their section.
    /// </summary>
    public void Installed() => _isInstalled = true;

    public void Dispose()
    {
        if (!_isInstalled)
        {
            _views.LetGo(Memtable);
        }
    }
}
