using System.Diagnostics;
using LsmTree.Storage.Files;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Maintenance;

/// <summary>Closes and deletes what no live view reaches any more.</summary>
/// <remarks>
/// A table is obsolete when no counted view's version holds it and no running job may be writing it; a log when the manifest says that everything
/// in it is in tables. Jobs announce the lowest file number that they may use before they start (<see cref="JobStarted"/>), and loads hold each of
/// their files (<see cref="HoldNext"/>), so files that are not in any version yet are safe.
/// A job whose step of the manifest failed, so that its files may be in the version of the next open, leaves <see cref="VersionSet.MayDeleteFiles"/> false behind
/// and then lets go. Both the question and the letting go are under the gate: a sweep either meets the job's floor or the answer no.
/// </remarks>
internal sealed class TableSweep
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly ViewCell _views;
    private readonly VersionSet _versions;
    private readonly StoreHealth _health;
    private readonly EventRelay _events;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, TableFile> _open = []; // guarded by _gate: every table that a version has held and that is not closed yet
    private readonly List<ulong> _jobFloors = []; // guarded by _gate
    private readonly HashSet<ulong> _held = []; // guarded by _gate

    public TableSweep(IFileSystem files, string directory, ViewCell views, VersionSet versions, StoreHealth health, EventRelay events)
    {
        _files = files;
        _directory = directory;
        _views = views;
        _versions = versions;
        _health = health;
        _events = events;
        Note(versions.Current);
    }

    /// <summary>Bytes of the tables that the current version no longer has and that are still there, for readers mostly.</summary>
    public long PinnedBytes
    {
        get
        {
            lock (_gate)
            {
                var current = _versions.Current.Tables.Select(static table => table.Number).ToHashSet();
                return _open.Values.Where(table => !current.Contains(table.Number)).Sum(static table => table.Info.FileBytes);
            }
        }
    }

    /// <summary>Remembers the tables of a version that was installed.</summary>
    public void Note(Versions.Version version)
    {
        lock (_gate)
        {
            foreach (var table in version.Tables)
            {
                _open.TryAdd(table.Number, table);
            }
        }
    }

    /// <summary>Says that a job begins; its files have numbers from the returned one on. Pair with <see cref="JobEnded"/>.</summary>
    public ulong JobStarted()
    {
        lock (_gate)
        {
            var floor = _versions.Numbers.Upcoming;
            _jobFloors.Add(floor);
            return floor;
        }
    }

    public void JobEnded(ulong floor)
    {
        lock (_gate)
        {
            _jobFloors.Remove(floor);
        }
    }

    /// <summary>Draws the number of a file that stays, though no version names it, until it is let go. For loads, which may take days: a floor would keep everything.</summary>
    public ulong HoldNext()
    {
        lock (_gate)
        {
            var number = _versions.Numbers.Next();
            _held.Add(number);
            return number;
        }
    }

    /// <summary>Lets go of files that were held: from here on only versions keep them.</summary>
    public void LetGo(IEnumerable<ulong> numbers)
    {
        lock (_gate)
        {
            _held.ExceptWith(numbers);
        }
    }

    /// <summary>Closes and deletes obsolete files. Returns whether any table went.</summary>
    public bool Run()
    {
        bool closed;
        IReadOnlyList<string> deleted;
        lock (_gate)
        {
            // While it is unknown which tables the next open will want, nothing goes.
            if (_health.IsFailed || !_versions.MayDeleteFiles)
            {
                return false;
            }

            closed = CloseAndDeleteLocked(out deleted);
        }

        foreach (var name in deleted)
        {
            if (FileNames.TryParse(name, out var kind, out _) && kind == FileKind.Table)
            {
                _events.Tell(listener => listener.OnTableDeleted(Path.Combine(_directory, name)));
            }
        }

        return closed;
    }

    /// <summary>Closes every table: the store is going.</summary>
    public void CloseAll()
    {
        using var gathering = GracePeriod.Gather();
        lock (_gate)
        {
            foreach (var table in _open.Values)
            {
                table.Close();
            }

            _open.Clear();
        }
    }

    private bool CloseAndDeleteLocked(out IReadOnlyList<string> deleted)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "Open tables and job floors are guarded by the gate.");
        // The floor before the listing: what is created after it has a higher number.
        var floor = _jobFloors.Count == 0 ? _versions.Numbers.Upcoming : _jobFloors.Min();
        var live = new HashSet<ulong>();
        _views.ForEachLive(view =>
        {
            foreach (var table in view.Version.Tables)
            {
                live.Add(table.Number);
            }
        });
        foreach (var table in _versions.Current.Tables)
        {
            live.Add(table.Number);
        }

        var closed = CloseAllBut(live);
        live.UnionWith(_held);
        var names = ObsoleteFiles.Find(_files.List(_directory), live, _versions.LogNumber, _versions.ManifestNumber, floor);
        (deleted, _) = ObsoleteFiles.Delete(_files, _directory, names);
        return closed;
    }

    private bool CloseAllBut(HashSet<ulong> live)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "Open tables are guarded by the gate.");
        using var gathering = GracePeriod.Gather();
        var closed = false;
        foreach (var (number, table) in _open.ToArray())
        {
            if (!live.Contains(number))
            {
                table.Close();
                _open.Remove(number);
                closed = true;
            }
        }

        return closed;
    }
}
