namespace LsmTree.Storage.Files;

/// <summary>A file system in memory, private to its object: the floor under stores that are opened in memory.</summary>
/// <remarks>
/// Paths are the host's, seen from a root of their own: <c>a/b</c>, <c>/a/b</c> and <c>/a/./b/</c> are one file. As on Unix, a deleted or replaced
/// file lives on for those who have it open, and a file may have several names. There are no symbolic links.
/// </remarks>
internal sealed class MemoryFileSystem : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal); // guarded by _gate
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { Root }; // guarded by _gate
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal); // guarded by _gate

    private static string Root => Path.DirectorySeparatorChar.ToString();

    public string Canonicalize(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var parts = new List<string>();
        foreach (var part in path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                parts.RemoveRange(Math.Max(parts.Count - 1, 0), Math.Min(parts.Count, 1));
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return Root + string.Join(Path.DirectorySeparatorChar, parts);
    }

    public bool FileExists(string path)
    {
        lock (_gate)
        {
            return _files.ContainsKey(Canonicalize(path));
        }
    }

    public bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            return _directories.Contains(Canonicalize(path));
        }
    }

    public void CreateDirectory(string path)
    {
        lock (_gate)
        {
            var missing = new Stack<string>();
            for (var directory = Canonicalize(path); !_directories.Contains(directory); directory = Parent(directory))
            {
                if (_files.ContainsKey(directory))
                {
                    throw new IOException($"creation of {path} failed: {directory} is a file.");
                }

                missing.Push(directory);
            }

            _directories.UnionWith(missing);
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        lock (_gate)
        {
            var canonical = FindDirectoryLocked(directory);
            return [.. _files.Keys.Concat(_directories)
                .Where(path => path != canonical && Parent(path) == canonical)
                .Select(static path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)];
        }
    }

    public IReadFile OpenRead(string path)
    {
        lock (_gate)
        {
            return new MemoryReadFile(path, FindLocked(path));
        }
    }

    public IAppendFile CreateAppend(string path, AppendSettings settings)
    {
        var file = new MemoryFile();
        lock (_gate)
        {
            AddNameLocked(path, file);
        }

        return new MemoryAppendFile(path, file);
    }

    public void Rename(string from, string to)
    {
        var source = Canonicalize(from);
        var target = Canonicalize(to);
        if (Parent(source) != Parent(target))
        {
            throw new ArgumentException($"{from} and {to} are in two directories; only a rename within one is atomic everywhere.", nameof(to));
        }

        lock (_gate)
        {
            if (_directories.Contains(target))
            {
                throw new IOException($"renaming {from} failed: {to} is a directory.");
            }

            var file = FindLocked(from);
            _files.Remove(source);
            _files[target] = file;
        }
    }

    public void Delete(string path)
    {
        lock (_gate)
        {
            var canonical = Canonicalize(path);
            if (_directories.Contains(canonical))
            {
                throw new IOException($"deletion of {path} failed: it is a directory.");
            }

            _files.Remove(canonical);
        }
    }

    public void SyncDirectory(string directory)
    {
        lock (_gate)
        {
            FindDirectoryLocked(directory);
        }
    }

    public bool TryHardLink(string existing, string link)
    {
        lock (_gate)
        {
            AddNameLocked(link, FindLocked(existing));
            return true;
        }
    }

    public IDisposable Lock(string path, string holder)
    {
        lock (_gate)
        {
            var canonical = Canonicalize(path);
            if (!_holders.TryAdd(canonical, holder))
            {
                throw new StoreLockedException(Parent(canonical), _holders[canonical]);
            }

            if (!_files.ContainsKey(canonical))
            {
                try
                {
                    AddNameLocked(path, new MemoryFile());
                }
                catch
                {
                    _holders.Remove(canonical);
                    throw;
                }
            }

            return new HeldLock(this, canonical);
        }
    }

    /// <summary>The memory that the process may still use, as the garbage collector sees it.</summary>
    public long FreeBytes(string directory) =>
        Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetTotalMemory(forceFullCollection: false));

    private static string Parent(string canonical)
    {
        var separator = canonical.LastIndexOf(Path.DirectorySeparatorChar);
        return separator == 0 ? Root : canonical[..separator];
    }

    private string FindDirectoryLocked(string directory)
    {
        var canonical = Canonicalize(directory);
        return _directories.Contains(canonical) ? canonical : throw new DirectoryNotFoundException($"{directory} does not exist.");
    }

    private MemoryFile FindLocked(string path)
    {
        var canonical = Canonicalize(path);
        if (_files.TryGetValue(canonical, out var file))
        {
            return file;
        }

        throw _directories.Contains(canonical)
            ? new IOException($"opening of {path} was refused: it is not a regular file.")
            : new FileNotFoundException($"{path} does not exist.", path);
    }

    private void AddNameLocked(string path, MemoryFile file)
    {
        var canonical = Canonicalize(path);
        FindDirectoryLocked(Parent(canonical));
        if (_directories.Contains(canonical) || !_files.TryAdd(canonical, file))
        {
            throw new FileNotOpenedException(new IOException($"creation of {path} failed: it exists."));
        }
    }

    private void Release(string canonical)
    {
        lock (_gate)
        {
            _holders.Remove(canonical);
        }
    }

    private sealed class HeldLock(MemoryFileSystem files, string canonical) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                files.Release(canonical);
            }
        }
    }
}
