namespace LsmTree.Crash.Tests.Simulation;

/// <summary>The directories of a simulated disk: which names there are, which of them a power cut spares, and what is between the two.</summary>
internal sealed class SimNames
{
    private readonly List<SimNameChange> _pending = [];
    private readonly Dictionary<string, SimNode> _files;
    private readonly Dictionary<string, SimNode> _durableFiles;
    private readonly HashSet<string> _directories;
    private readonly HashSet<string> _unsyncedDirectories = new(StringComparer.Ordinal);

    /// <param name="directories">Directories that are there, durably; the root always is.</param>
    /// <param name="files">Files that are there, durably, by canonical path.</param>
    public SimNames(IEnumerable<string> directories, IEnumerable<KeyValuePair<string, SimNode>> files)
    {
        _directories = new HashSet<string>(directories, StringComparer.Ordinal) { "/" };
        _files = new Dictionary<string, SimNode>(files, StringComparer.Ordinal);
        _durableFiles = new Dictionary<string, SimNode>(_files, StringComparer.Ordinal);
    }

    public IReadOnlyCollection<string> Directories => _directories;

    /// <summary>Those that a power cut spares.</summary>
    public IEnumerable<string> DurableDirectories => _directories.Where(IsDurable);

    public Dictionary<string, SimNode> Files => _files;

    public Dictionary<string, SimNode> DurableFiles => _durableFiles;

    /// <summary>Changes that no fsync of their directory has covered, oldest first.</summary>
    public IReadOnlyList<SimNameChange> Pending => _pending;

    public static string Parent(string canonical) => canonical.LastIndexOf('/') is > 0 and var slash ? canonical[..slash] : "/";

    /// <summary>Adds a directory; false when it is there already.</summary>
    /// <param name="canonical">Its path.</param>
    /// <param name="isDurable">Whether its name is durable at once; otherwise an fsync of its parent makes it so.</param>
    public bool AddDirectory(string canonical, bool isDurable = true)
    {
        if (_files.ContainsKey(canonical))
        {
            throw new IOException($"creation of {canonical} failed: it is a file.");
        }

        var isNew = _directories.Add(canonical);
        if (isNew && !isDurable)
        {
            _unsyncedDirectories.Add(canonical);
        }

        return isNew;
    }

    /// <summary>Whether the names of a directory and of all above it are durable.</summary>
    public bool IsDurable(string directory) =>
        _unsyncedDirectories.Count == 0 || (!_unsyncedDirectories.Contains(directory) && (directory == "/" || IsDurable(Parent(directory))));

    public void Apply(SimNameChange change)
    {
        change.ApplyTo(_files);
        _pending.Add(change);
    }

    public void Sync(string directory)
    {
        _unsyncedDirectories.RemoveWhere(unsynced => Parent(unsynced) == directory);
        _pending.RemoveAll(change =>
        {
            if (change.Directory != directory)
            {
                return false;
            }

            change.ApplyTo(_durableFiles);
            return true;
        });
    }

    public void RequireDirectory(string canonical)
    {
        if (!_directories.Contains(canonical))
        {
            throw new DirectoryNotFoundException($"{canonical} does not exist.");
        }
    }

    public void RequireNoDirectory(string canonical)
    {
        if (_directories.Contains(canonical))
        {
            throw new IOException($"{canonical} is not a regular file.");
        }
    }

    public SimNode Find(string canonical)
    {
        RequireNoDirectory(canonical);
        return _files.GetValueOrDefault(canonical) ?? throw new FileNotFoundException($"{canonical} does not exist.", canonical);
    }

    /// <summary>The names in a directory, sorted.</summary>
    public List<string> List(string directory)
    {
        RequireDirectory(directory);
        var names = new List<string>();
        foreach (var path in _files.Keys.Concat(_directories))
        {
            var slash = path.LastIndexOf('/');
            if (path.Length > 1 && path.Length > directory.Length && path.StartsWith(directory, StringComparison.Ordinal) && slash == (directory.Length == 1 ? 0 : directory.Length))
            {
                names.Add(path[(slash + 1)..]);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
