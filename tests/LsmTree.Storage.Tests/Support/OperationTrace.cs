using LsmTree.Storage.Files;

namespace LsmTree.Storage.Tests.Support;

/// <summary>What was done to a <see cref="FaultyFileSystem"/>, and what is to fail of what comes. Guarded by the file system's gate.</summary>
internal sealed class OperationTrace
{
    private readonly List<string> _lines = [];
    private readonly List<Fault> _faults = [];

    /// <summary>The operations that changed something, or failed to.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The operation from which on the power is off, counted as <see cref="Lines"/> are.</summary>
    public long StopAt { get; set; } = long.MaxValue;

    public void AddFault(Func<FileOperation, string, bool> when, Func<Exception> error, int skip, bool sticky) =>
        _faults.Add(new Fault(when, error, skip, sticky));

    public void ClearFaults()
    {
        _faults.Clear();
        StopAt = long.MaxValue;
    }

    /// <summary>Notes an operation before it is done, and throws when it is to fail.</summary>
    /// <param name="operation">What is about to be done.</param>
    /// <param name="path">To which file.</param>
    /// <param name="line">The line of the trace; null for what changes nothing.</param>
    public void Step(FileOperation operation, string path, string? line)
    {
        if (_lines.Count >= StopAt)
        {
            throw new PowerCutException(line ?? $"{operation} {path}");
        }

        if (line is not null)
        {
            _lines.Add(line);
        }

        foreach (var fault in _faults)
        {
            if (fault.Strikes(operation, path))
            {
                if (line is not null)
                {
                    _lines[^1] += " failed";
                }

                throw AsTold(operation, fault.Error());
            }
        }
    }

    /// <summary>As the contract of the seam wants it told.</summary>
    private static Exception AsTold(FileOperation operation, Exception error) => operation switch
    {
        FileOperation.Create or FileOperation.Open => DiskError.NotOpened(error),
        FileOperation.SyncDirectory when error is IOException and not FileNotOpenedException => new DirectoryNotSyncedException(error),
        _ => error,
    };

    private sealed class Fault(Func<FileOperation, string, bool> when, Func<Exception> error, int skip, bool sticky)
    {
        private int _toSkip = skip;
        private bool _spent;

        public Exception Error() => error();

        public bool Strikes(FileOperation operation, string path)
        {
            if (_spent || !when(operation, path) || _toSkip-- > 0)
            {
                return false;
            }

            _spent = !sticky;
            return true;
        }
    }
}
