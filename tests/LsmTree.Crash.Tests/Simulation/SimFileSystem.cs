using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Simulation;

/// <summary>A file system in memory that records what is done to it, fails where it is told to, and knows what a power cut would leave.</summary>
/// <remarks>
/// One run of a workload over it is enough for every crash that could have happened in it: <see cref="Journal"/> holds all operations in one order,
/// and <see cref="CrashPoints"/> makes of them the file system that a crash before any of them would have left, without running anything again.
/// </remarks>
internal sealed class SimFileSystem : IFileSystem
{
    private static readonly MemoryFileSystem s_paths = new(); // for the spelling of paths only

    private readonly Lock _gate = new();
    private readonly SimNames _names; // guarded by _gate, as all that follows
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);
    private readonly HashSet<object> _open = [];
    private int _nextId;

    public SimFileSystem() => _names = new SimNames([], []);

    /// <summary>The file system that a crash left: these files, all durable.</summary>
    public SimFileSystem(IEnumerable<string> directories, IReadOnlyDictionary<string, SimNode> files)
    {
        _names = new SimNames(directories, files);
        foreach (var node in files.Values)
        {
            _nextId = Math.Max(_nextId, node.Id + 1);
        }
    }

    /// <summary>What is recorded; null records nothing.</summary>
    public List<SimEvent>? Journal { get; init; }

    /// <summary>What fails; null when nothing does.</summary>
    public SimFaultPlan? Faults { get; init; }

    /// <summary>The directories that may be touched, and what is in them; an operation elsewhere is an error of whoever asks. Empty allows everything.</summary>
    public IReadOnlyList<string> Bounds { get; set; } = [];

    /// <summary>Operations so far, reads and all.</summary>
    public long Operations { get; private set; }

    /// <summary>Files and locks that are open; 0 when nothing leaks.</summary>
    public int OpenHandles
    {
        get
        {
            lock (_gate)
            {
                return _open.Count;
            }
        }
    }

    /// <summary>Directories and files at this moment, for <see cref="CrashPoints"/> to start from.</summary>
    public SimNames Names => _names;

    /// <summary>What a crash at this moment leaves: with everything in the page cache, or with what was synced only.</summary>
    public SimFileSystem Crash(bool keepsCache)
    {
        lock (_gate)
        {
            var copies = new Dictionary<SimNode, SimNode>();
            var after = new Dictionary<string, SimNode>(StringComparer.Ordinal);
            foreach (var (path, node) in keepsCache ? _names.Files : _names.DurableFiles)
            {
                if (!copies.TryGetValue(node, out var copy))
                {
                    copy = keepsCache ? SimNode.Frozen(node.Id, node.Content, node.Written, node.Length) : SimNode.Frozen(node.Id, node.Content, node.Synced, node.SyncedLength);
                    copies.Add(node, copy);
                }

                after.Add(path, copy);
            }

            return new SimFileSystem(_names.Directories, after);
        }
    }

    /// <summary>The process that has files open dies: its locks are free, and whatever it still tries fails.</summary>
    public void KillProcess()
    {
        lock (_gate)
        {
            _open.Clear();
            _holders.Clear();
        }
    }

    /// <summary>A word of the workload, in one order with its operations.</summary>
    public void Mark(SimMark mark, int value)
    {
        lock (_gate)
        {
            Journal?.Add(new SimEvent(SimEventKind.Mark, null, null, null, value, mark));
        }
    }

    /// <summary>A directory that somebody makes who does not sync its parent: there for now, and gone with a power cut.</summary>
    public void MakeUnsyncedDirectory(string canonical)
    {
        lock (_gate)
        {
            _names.AddDirectory(canonical, isDurable: false);
            Journal?.Add(new SimEvent(SimEventKind.CreateDirectory, null, canonical, null, 1));
        }
    }

    public string Canonicalize(string path) =>
        path is ['/', ..] && !path.Contains("//", StringComparison.Ordinal) && !path.Contains("/.", StringComparison.Ordinal) && (path.Length == 1 || path[^1] != '/') ? path : s_paths.Canonicalize(path);

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            Step(SimEventKind.Look, path);
            return _names.Files.ContainsKey(Canonicalize(path));
        }
    }

    public bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            Step(SimEventKind.Look, path);
            return _names.Directories.Contains(Canonicalize(path));
        }
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            Step(SimEventKind.CreateDirectory, path);
            for (var directory = Canonicalize(path); _names.AddDirectory(directory); directory = SimNames.Parent(directory))
            {
                Journal?.Add(new SimEvent(SimEventKind.CreateDirectory, null, directory, null, 0));
            }
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            Step(SimEventKind.Look, directory);
            return _names.List(Canonicalize(directory));
        }
    }

    public IReadFile OpenRead(string path)
    {
        lock (_gate)
        {
            Step(SimEventKind.Open, path);
            var node = _names.Find(Canonicalize(path));
            return Opened(new SimReadFile(this, path, node, node.Length));
        }
    }

    public IAppendFile CreateAppend(string path, AppendSettings settings)
    {
        lock (_gate)
        {
            Step(SimEventKind.Create, path);
            var node = new SimNode(_nextId++);
            AddName(SimEventKind.Create, path, node);
            var file = new SimAppendFile(this, path, node, settings);
            file.Begin();
            return Opened(file);
        }
    }

    public void Rename(string from, string to)
    {
        lock (_gate)
        {
            Step(SimEventKind.Rename, to);
            var source = Canonicalize(from);
            var target = Canonicalize(to);
            var change = new SimNameChange(source, target, _names.Find(source));
            Apply(change, SimEventKind.Rename);
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            Step(SimEventKind.Delete, path);
            var canonical = Canonicalize(path);
            _names.RequireNoDirectory(canonical);
            if (_names.Files.TryGetValue(canonical, out var node))
            {
                Apply(new SimNameChange(canonical, null, node), SimEventKind.Delete);
            }
        }
    }

    public void SyncDirectory(string directory)
    {
        lock (_gate)
        {
            Step(SimEventKind.SyncDirectory, directory);
            var canonical = Canonicalize(directory);
            _names.RequireDirectory(canonical);
            Journal?.Add(new SimEvent(SimEventKind.SyncDirectory, null, canonical, null, 0));
            _names.Sync(canonical);
        }
    }

    public bool TryHardLink(string existing, string link)
    {
        lock (_gate)
        {
            Step(SimEventKind.Link, link);
            AddName(SimEventKind.Link, link, _names.Find(Canonicalize(existing)));
            return true;
        }
    }

    public IDisposable Lock(string path, string holder)
    {
        lock (_gate)
        {
            Step(SimEventKind.Lock, path);
            var canonical = Canonicalize(path);
            if (_holders.TryGetValue(canonical, out var other))
            {
                throw new StoreLockedException(SimNames.Parent(canonical), other);
            }

            if (!_names.Files.ContainsKey(canonical))
            {
                AddName(SimEventKind.Create, path, new SimNode(_nextId++));
            }

            _holders.Add(canonical, holder);
            return Opened(new HeldLock(this, canonical));
        }
    }

    public long FreeBytes(string directory)
    {
        lock (_gate)
        {
            Step(SimEventKind.Look, directory);
            return 1L << 40;
        }
    }

    internal int Read(SimReadFile file, SimNode node, long offset, Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(!_open.Contains(file), file);
            Step(SimEventKind.Read, file.Path);
            return node.Read(offset, buffer);
        }
    }

    internal void Reserve(SimAppendFile file, SimNode node, int length)
    {
        lock (_gate)
        {
            Step(node.Length == 0 ? SimEventKind.Create : SimEventKind.Reserve, file.Path); // the first reservation is a part of the creation
            Journal?.Add(new SimEvent(SimEventKind.Reserve, node, file.Path, null, length));
            node.Reserve(length);
        }
    }

    internal void Write(SimAppendFile file, SimNode node, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        lock (_gate)
        {
            try
            {
                Step(SimEventKind.Append, file.Path);
            }
            catch (IOException)
            {
                node.Write(first[..(first.Length / 2)]); // a write that fails may have written a part
                throw;
            }

            Journal?.Add(new SimEvent(SimEventKind.Append, node, file.Path, null, first.Length + second.Length));
            node.Write(first);
            node.Write(second);
        }
    }

    internal void Sync(SimAppendFile file, SimNode node)
    {
        lock (_gate)
        {
            try
            {
                Step(SimEventKind.Sync, file.Path);
            }
            catch (IOException)
            {
                node.FailSync(Faults!.AfterSync);
                throw;
            }

            Journal?.Add(new SimEvent(SimEventKind.Sync, node, file.Path, null, 0));
            node.Sync();
        }
    }

    internal void Finish(SimAppendFile file, SimNode node)
    {
        lock (_gate)
        {
            Step(SimEventKind.Finish, file.Path);
            Journal?.Add(new SimEvent(SimEventKind.Finish, node, file.Path, null, 0));
            node.Cut();
        }
    }

    internal void Close(object handle)
    {
        lock (_gate)
        {
            _open.Remove(handle);
        }
    }

    private void Step(SimEventKind kind, string path)
    {
        var number = Operations++;
        if (Bounds.Count > 0 && kind is not (SimEventKind.Read or SimEventKind.Append or SimEventKind.Sync))
        {
            RequireWithinBounds(kind, path);
        }

        if (Faults?.ErrorFor(number, kind, path) is { } error)
        {
            throw error;
        }
    }

    private void RequireWithinBounds(SimEventKind kind, string path)
    {
        var canonical = Canonicalize(path);
        foreach (var bound in Bounds)
        {
            if (canonical == bound || (canonical.StartsWith(bound, StringComparison.Ordinal) && canonical[bound.Length] == '/') || (kind == SimEventKind.SyncDirectory && canonical == SimNames.Parent(bound)))
            {
                return;
            }
        }

        throw new InvalidOperationException($"{kind} of {path}, which is outside of {string.Join(", ", Bounds)}.");
    }

    private T Opened<T>(T handle)
        where T : class
    {
        _open.Add(handle);
        return handle;
    }

    private void Apply(SimNameChange change, SimEventKind kind)
    {
        Journal?.Add(new SimEvent(kind, change.Node, change.From, change.To, 0));
        _names.Apply(change);
    }

    private void AddName(SimEventKind kind, string path, SimNode node)
    {
        var canonical = Canonicalize(path);
        _names.RequireDirectory(SimNames.Parent(canonical));
        if (_names.Directories.Contains(canonical) || _names.Files.ContainsKey(canonical))
        {
            throw new FileNotOpenedException(new IOException($"creation of {path} failed: it exists."));
        }

        Apply(new SimNameChange(null, canonical, node), kind);
    }

    private sealed class HeldLock(SimFileSystem files, string path) : IDisposable
    {
        public void Dispose()
        {
            lock (files._gate)
            {
                if (files._open.Remove(this))
                {
                    files._holders.Remove(path);
                }
            }
        }
    }
}
