using System.Runtime.CompilerServices;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Logs;

/// <summary>Appends records to a log. One thread at a time appends; <see cref="Sync"/> may run beside it.</summary>
/// <remarks>
/// When <see cref="Append"/> returns, the record survives the death of the process; when a <see cref="Sync"/> that began afterwards returns,
/// it survives a power cut (given that the directory was synced after <see cref="Create"/>). After a <see cref="StoreFullException"/> the record
/// is not in the log, and the log may be used on. After any other exception it must not.
/// </remarks>
internal sealed class LogWriter : IDisposable
{
    private readonly IAppendFile _file;
    private readonly LogIdentity _identity;
    private readonly uint _seed;
    private readonly byte[] _header = new byte[LogFormat.HeaderBytes];
    private long _synced; // only grows; written by Sync, read by anybody
    private ulong _recordCount;
    private ulong _lastSequence;
    private State _state;

    private LogWriter(IAppendFile file, LogIdentity identity)
    {
        _file = file;
        _identity = identity;
        _seed = LogFormat.Seed(identity);
    }

    private enum State
    {
        Created,
        Begun,
        Closed,
    }

    public string Path => _file.Path;

    public LogIdentity Identity => _identity;

    /// <summary>The offset behind the last record, in bytes.</summary>
    public long Position => _file.Position;

    /// <summary>The offset up to which an fsync has covered the log.</summary>
    public long SyncedPosition => Volatile.Read(ref _synced);

    /// <summary>The last sequence number in the log, or before it when it has no records.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>Creates the file and reserves its space, but appends nothing: a log can be made ahead of its use.</summary>
    public static LogWriter Create(IFileSystem files, string path, LogIdentity identity, AppendSettings settings) =>
        new(files.CreateAppend(path, settings), identity);

    /// <summary>Appends the header. Once, before any record.</summary>
    public void Begin(LogPredecessor predecessor)
    {
        if (_state != State.Created)
        {
            throw new InvalidOperationException($"{Path} has its header already.");
        }

        new LogHeader(LogFormat.Version, _identity, predecessor).Write(_header);
        _file.Append(_header);
        Volatile.Write(ref _lastSequence, predecessor.LastSequence);
        _state = State.Begun;
    }

    /// <summary>Appends one record and returns the offset behind it.</summary>
    /// <param name="type"><see cref="LogRecordType.Batch"/> or <see cref="LogRecordType.Edit"/>.</param>
    /// <param name="firstSequence">The first sequence number that the record uses. That of a batch is above <see cref="LastSequence"/>.</param>
    /// <param name="count">How many sequence numbers it uses, from 0.</param>
    /// <param name="payload">At most <see cref="LogFormat.MaxPayloadBytes"/>.</param>
    public long Append(LogRecordType type, ulong firstSequence, uint count, ReadOnlySpan<byte> payload)
    {
        if (_state != State.Begun || type is not (LogRecordType.Batch or LogRecordType.Edit) || payload.Length > LogFormat.MaxPayloadBytes
            || (type == LogRecordType.Batch && firstSequence <= _lastSequence))
        {
            ThrowMisuse(type, firstSequence, payload.Length);
        }

        AppendRecord(type, firstSequence, count, payload);
        _recordCount++;
        if (count > 0)
        {
            Volatile.Write(ref _lastSequence, Math.Max(_lastSequence, firstSequence + count - 1));
        }

        return _file.Position;
    }

    /// <inheritdoc cref="IAppendFile.PrepareGrowth"/>
    public bool PrepareGrowth() => _file.PrepareGrowth();

    /// <summary>fsync: every record appended before the call is durable afterwards. Thread-safe, and may run beside an append.</summary>
    public void Sync()
    {
        var covered = _file.Position;
        _file.Sync();
        var known = Volatile.Read(ref _synced);
        while (covered > known)
        {
            var seen = Interlocked.CompareExchange(ref _synced, covered, known);
            if (seen == known)
            {
                return;
            }

            known = seen;
        }
    }

    /// <summary>Makes the log durable and complete: fsync, trailer, cut to length, fsync. Nothing can be appended afterwards.</summary>
    /// <remarks>On a full disk the trailer is left out. The records are durable all the same, and the log reads as one that was not closed.</remarks>
    public void Close()
    {
        if (_state != State.Begun)
        {
            throw new InvalidOperationException($"{Path} was not begun, or is closed already.");
        }

        _state = State.Closed;
        Sync();
        Span<byte> trailer = stackalloc byte[LogFormat.TrailerPayloadBytes];
        LogFormat.WriteTrailer(trailer, _recordCount, _lastSequence);
        try
        {
            AppendRecord(LogRecordType.Trailer, _lastSequence, count: 0, trailer);
        }
        catch (StoreFullException)
        {
            // The trailer only says that nothing is missing; the store must not fail for want of 48 bytes.
        }

        _file.Finish();
        Sync();
    }

    /// <summary>Releases the file. Without <see cref="Close"/> the log stays as a crash would leave it, but for space reserved and not used.</summary>
    public void Dispose()
    {
        try
        {
            if (_state != State.Closed)
            {
                _state = State.Closed;
                _file.Finish();
            }
        }
        catch (IOException)
        {
            // Zeros behind the last record are legal: the log reads the same with them.
        }
        finally
        {
            _file.Dispose();
        }
    }

    private void AppendRecord(LogRecordType type, ulong firstSequence, uint count, ReadOnlySpan<byte> payload)
    {
        var header = _header.AsSpan(0, LogFormat.RecordHeaderBytes);
        LogRecordHeader.Write(header, _seed, _file.Position, type, firstSequence, count, SyncedPosition, payload);
        _file.Append(header, payload);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowMisuse(LogRecordType type, ulong firstSequence, int length)
    {
        throw _state switch
        {
            State.Created => new InvalidOperationException($"{Path} has no header yet."),
            State.Closed => new InvalidOperationException($"{Path} is closed."),
            _ when length > LogFormat.MaxPayloadBytes => new ArgumentException($"A record of {length} bytes is above the limit of {LogFormat.MaxPayloadBytes}."),
            _ when type == LogRecordType.Batch => new ArgumentException($"The batch begins at sequence number {firstSequence}, but {_lastSequence} is in {Path} already."),
            _ => new ArgumentException($"A record of type {type} cannot be appended."),
        };
    }
}
