using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>A file system in memory that can fail at any operation, and be cut off from the power.</summary>
/// <remarks>
/// It knows of every file how many bytes an fsync has covered, and of every directory which names. <see cref="Crash"/> makes a new file system
/// of what a crash would leave, and leaves this one as it is, so that one moment can crash in many ways. Failures are chosen by rules, or
/// by the number of the operation (<see cref="StopAt"/>). The trace tells the operations that change something, one line each:
/// <code>
/// create 000001.log
/// append 000001.log 0+64
/// sync 000001.log
/// sync-directory store
/// rename CURRENT.tmp -> CURRENT
/// </code>
/// </remarks>
internal sealed class FaultyFileSystem : IFileSystem
{
    private readonly Lock _gate = new();
    private readonly MemoryFileSystem _paths = new(); // for the spelling of paths only
    private readonly Dictionary<string, FaultyNode> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FaultyNode> _durableFiles = new(StringComparer.Ordinal);
    private readonly List<NameChange> _unsyncedNames = [];
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal) { Path.DirectorySeparatorChar.ToString() };
    private readonly Dictionary<string, string> _holders = new(StringComparer.Ordinal);
    private readonly OperationTrace _trace = new();
    private readonly HashSet<object> _open = [];

    /// <summary>Whether files may have several names. Default: true.</summary>
    public bool HasLinks { get; init; } = true;

    /// <summary>Operations so far that change something.</summary>
    public long Operations
    {
        get
        {
            lock (_gate)
            {
                return _trace.Lines.Count;
            }
        }
    }

    /// <summary>The operations so far that change something, as lines. Those that failed end in " failed".</summary>
    public IReadOnlyList<string> Trace
    {
        get
        {
            lock (_gate)
            {
                return [.. _trace.Lines];
            }
        }
    }

    /// <summary>The names of files and locks that are open; empty when nothing leaks.</summary>
    public IReadOnlyList<string> OpenHandles
    {
        get
        {
            lock (_gate)
            {
                return [.. _open.Select(static handle => handle switch
                {
                    IReadFile file => $"read {Path.GetFileName(file.Path)}",
                    IAppendFile file => $"append {Path.GetFileName(file.Path)}",
                    _ => handle.ToString()!,
                }).Order(StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Throws at the operation that <paramref name="when"/> picks: at the first one after <paramref name="skip"/>, once or from then on.</summary>
    /// <param name="when">Given the operation and the path.</param>
    /// <param name="error">Makes what is thrown; an I/O error of the device when null.</param>
    /// <param name="skip">How many such operations succeed before.</param>
    /// <param name="sticky">Whether every later one fails, too.</param>
    public void FailWhen(Func<FileOperation, string, bool> when, Func<Exception>? error = null, int skip = 0, bool sticky = false)
    {
        lock (_gate)
        {
            _trace.AddFault(when, error ?? (static () => new IOException("Input/output error (error 5).", 5)), skip, sticky);
        }
    }

    /// <summary>As <see cref="FailWhen"/>, for an operation on files whose name ends so.</summary>
    public void FailOn(FileOperation operation, string nameEnd = "", Func<Exception>? error = null, int skip = 0, bool sticky = false) =>
        FailWhen((candidate, path) => candidate == operation && path.EndsWith(nameEnd, StringComparison.Ordinal), error, skip, sticky);

    public void ClearFaults()
    {
        lock (_gate)
        {
            _trace.ClearFaults();
        }
    }

    /// <summary>Cuts the power before the operation with this number, counted from 0: it and all later ones, reads too, throw <see cref="PowerCutException"/>.</summary>
    public void StopAt(long operation)
    {
        lock (_gate)
        {
            _trace.StopAt = operation;
        }
    }

    /// <summary>The file system that is found after a crash at this moment. This one is unchanged.</summary>
    public FaultyFileSystem Crash(CrashProfile profile)
    {
        lock (_gate)
        {
            var die = profile is CrashProfile.KeepRandomly random ? new Random(random.Seed) : null;
            var names = new Dictionary<string, FaultyNode>(_durableFiles, StringComparer.Ordinal);
            foreach (var change in _unsyncedNames)
            {
                if (profile is CrashProfile.KeepEverything or CrashProfile.KeepSome || die?.Next(2) == 0)
                {
                    change.ApplyTo(names);
                }
            }

            var survivor = new FaultyFileSystem();
            survivor._directories.UnionWith(_directories);
            var survivors = new Dictionary<FaultyNode, FaultyNode>();
            foreach (var (path, node) in names.OrderBy(static name => name.Key, StringComparer.Ordinal))
            {
                if (!survivors.TryGetValue(node, out var after))
                {
                    after = node.After(profile, die);
                    survivors.Add(node, after);
                }

                survivor._files.Add(path, after);
                survivor._durableFiles.Add(path, after);
            }

            return survivor;
        }
    }

    /// <summary>Asserts that lines beginning so are in the trace, in this order, with whatever between them.</summary>
    public void AssertOrder(params string[] beginnings)
    {
        var trace = Trace;
        var from = 0;
        foreach (var beginning in beginnings)
        {
            while (from < trace.Count && !trace[from].StartsWith(beginning, StringComparison.Ordinal))
            {
                from++;
            }

            Assert.True(from < trace.Count, $"\"{beginning}\" is not there, or not in this place:\n{string.Join('\n', trace)}");
            from++;
        }
    }

    public string Canonicalize(string path) => _paths.Canonicalize(path);

    public bool FileExists(string path) => Do(FileOperation.Look, path, null, () => _files.ContainsKey(Canonicalize(path)));

    public bool DirectoryExists(string path) => Do(FileOperation.Look, path, null, () => _directories.Contains(Canonicalize(path)));

    public void CreateDirectory(string path) => Do(FileOperation.CreateDirectory, path, $"create-directory {Path.GetFileName(Canonicalize(path))}", () =>
    {
        var missing = new List<string>();
        for (var directory = Canonicalize(path); !_directories.Contains(directory); directory = Parent(directory))
        {
            if (_files.ContainsKey(directory))
            {
                throw new IOException($"creation of {path} failed: {directory} is a file.");
            }

            missing.Add(directory);
        }

        _directories.UnionWith(missing);
        return true;
    });

    public IReadOnlyList<string> List(string directory) => Do<IReadOnlyList<string>>(FileOperation.Look, directory, null, () =>
    {
        var canonical = FindDirectory(directory);
        return [.. _files.Keys.Concat(_directories)
            .Where(path => path != canonical && Parent(path) == canonical)
            .Select(static path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];
    });

    public IReadFile OpenRead(string path) => Do(FileOperation.Open, path, null, () => Opened(new FaultyReadFile(this, path, Find(path))));

    public IAppendFile CreateAppend(string path, AppendSettings settings) => Do(FileOperation.Create, path, $"create {Path.GetFileName(path)}", () =>
    {
        var node = new FaultyNode();
        AddName(path, node);
        return Opened(new FaultyAppendFile(this, path, node, settings));
    });

    public void Rename(string from, string to)
    {
        var source = Canonicalize(from);
        var target = Canonicalize(to);
        if (Parent(source) != Parent(target))
        {
            throw new ArgumentException($"{from} and {to} are in two directories.", nameof(to));
        }

        Do(FileOperation.Rename, to, $"rename {Path.GetFileName(from)} -> {Path.GetFileName(to)}", () => Change(new NameChange(source, target, Find(from))));
    }

    public void Delete(string path) => Do(FileOperation.Delete, path, $"delete {Path.GetFileName(path)}", () =>
    {
        var canonical = Canonicalize(path);
        if (_directories.Contains(canonical))
        {
            throw new IOException($"deletion of {path} failed: it is a directory.");
        }

        return _files.TryGetValue(canonical, out var node) && Change(new NameChange(canonical, null, node));
    });

    public void SyncDirectory(string directory) => Do(FileOperation.SyncDirectory, directory, $"sync-directory {Path.GetFileName(Canonicalize(directory))}", () =>
    {
        var canonical = FindDirectory(directory);
        foreach (var change in _unsyncedNames.Where(change => change.Directory == canonical))
        {
            change.ApplyTo(_durableFiles);
        }

        return _unsyncedNames.RemoveAll(change => change.Directory == canonical) > 0;
    });

    public bool TryHardLink(string existing, string link) => Do(FileOperation.Link, link, $"link {Path.GetFileName(existing)} -> {Path.GetFileName(link)}", () =>
    {
        if (HasLinks)
        {
            AddName(link, Find(existing));
        }

        return HasLinks;
    });

    public IDisposable Lock(string path, string holder) => Do(FileOperation.Lock, path, $"lock {Path.GetFileName(path)}", () =>
    {
        var canonical = Canonicalize(path);
        if (_holders.TryGetValue(canonical, out var other))
        {
            throw new StoreLockedException(Parent(canonical), other);
        }

        if (!_files.ContainsKey(canonical))
        {
            AddName(path, new FaultyNode());
        }

        _holders.Add(canonical, holder);
        return Opened(new HeldLock(this, canonical));
    });

    public long FreeBytes(string directory) => Do(FileOperation.Look, directory, null, static () => 1L << 40);

    internal int Read(FaultyReadFile file, FaultyNode node, long offset, Span<byte> buffer)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(!_open.Contains(file), file);
            _trace.Step(FileOperation.Read, file.Path, null);
            return node.Read(offset, buffer);
        }
    }

    internal void Write(FaultyAppendFile file, FaultyNode node, long offset, byte[] bytes)
    {
        lock (_gate)
        {
            try
            {
                _trace.Step(FileOperation.Append, file.Path, $"append {Path.GetFileName(file.Path)} {offset}+{bytes.Length}");
            }
            catch (IOException error) when (error is not PowerCutException)
            {
                node.Write(bytes.AsSpan(0, bytes.Length / 2)); // a write that fails may have written a part
                throw;
            }

            node.Write(bytes);
        }
    }

    internal void Sync(FaultyAppendFile file, FaultyNode node)
    {
        lock (_gate)
        {
            try
            {
                _trace.Step(FileOperation.Sync, file.Path, $"sync {Path.GetFileName(file.Path)}");
            }
            catch (IOException error) when (error is not PowerCutException)
            {
                node.SyncFailed = true;
                throw;
            }

            node.Sync();
        }
    }

    internal void Finish(FaultyAppendFile file, FaultyNode node)
    {
        lock (_gate)
        {
            _trace.Step(FileOperation.Finish, file.Path, $"finish {Path.GetFileName(file.Path)} {node.Written}");
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

    private static string Parent(string canonical) => Path.GetDirectoryName(canonical) ?? canonical;

    private T Do<T>(FileOperation operation, string path, string? line, Func<T> action)
    {
        lock (_gate)
        {
            _trace.Step(operation, path, line);
            return action();
        }
    }

    private T Opened<T>(T handle)
        where T : class
    {
        _open.Add(handle);
        return handle;
    }

    private bool Change(NameChange change)
    {
        change.ApplyTo(_files);
        _unsyncedNames.Add(change);
        return true;
    }

    private string FindDirectory(string directory)
    {
        var canonical = Canonicalize(directory);
        return _directories.Contains(canonical) ? canonical : throw new DirectoryNotFoundException($"{directory} does not exist.");
    }

    private FaultyNode Find(string path)
    {
        var canonical = Canonicalize(path);
        if (_directories.Contains(canonical))
        {
            throw new IOException($"opening of {path} was refused: it is not a regular file.");
        }

        return _files.GetValueOrDefault(canonical) ?? throw new FileNotFoundException($"{path} does not exist.", path);
    }

    private void AddName(string path, FaultyNode node)
    {
        var canonical = Canonicalize(path);
        FindDirectory(Parent(canonical));
        if (_directories.Contains(canonical) || _files.ContainsKey(canonical))
        {
            throw new FileNotOpenedException(new IOException($"creation of {path} failed: it exists."));
        }

        Change(new NameChange(null, canonical, node));
    }

    private void Unlock(HeldLock held)
    {
        lock (_gate)
        {
            if (_open.Remove(held))
            {
                _holders.Remove(held.Path);
            }
        }
    }

    private sealed class HeldLock(FaultyFileSystem files, string path) : IDisposable
    {
        public string Path => path;

        public void Dispose() => files.Unlock(this);

        public override string ToString() => $"lock {System.IO.Path.GetFileName(path)}";
    }
}
