using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Logs;

/// <summary>Reads the records of a log from the first on, and says at the end how it ends.</summary>
/// <remarks>
/// Every record that is given out is whole, checked, and the successor of the one before; nothing behind a bad record is given out. A read that
/// the disk refuses is an <see cref="IOException"/> and never an end.
/// </remarks>
internal sealed class LogReader : IDisposable
{
    private readonly LogWindow _window;
    private long _offset = LogFormat.HeaderBytes;
    private ulong _recordCount;
    private uint _seed;
    private LogEnd? _end;

    private LogReader(LogWindow window, long durableBytes)
    {
        _window = window;
        HighestWatermark = durableBytes;
    }

    public string Path => _window.Path;

    /// <summary>Bytes in the file, reserved ones included.</summary>
    public long FileBytes => _window.Length;

    /// <summary>Null when the file has no good header; <see cref="End"/> then says why.</summary>
    public LogHeader? Header { get; private set; }

    /// <summary>The last sequence number read so far, or before the log.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>The offset below which the log is known to have been durable, in bytes.</summary>
    public long HighestWatermark { get; private set; }

    /// <summary>How the log ends.</summary>
    /// <exception cref="InvalidOperationException">There may be records left to read.</exception>
    public LogEnd End => _end ?? throw new InvalidOperationException($"{Path} has not been read to its end.");

    /// <summary>Opens a log and reads its header.</summary>
    /// <param name="files">Where the file is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="expected">Which log this must be; null to believe its header (inspection).</param>
    /// <param name="durableBytes">How much of the file is known from elsewhere to have been durable, in bytes; records missing below that are damage.</param>
    /// <exception cref="StoreFormatException">The log was written by a newer version of the library.</exception>
    public static LogReader Open(IFileSystem files, string path, LogIdentity? expected = null, long durableBytes = 0)
    {
        var window = new LogWindow(files.OpenRead(path));
        try
        {
            var reader = new LogReader(window, durableBytes);
            reader.ReadHeader(expected);
            return reader;
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next record; false at the end of the good ones.</summary>
    public bool TryRead(out LogRecord record)
    {
        record = default;
        if (_end is not null)
        {
            return false;
        }

        var headerBytes = _window.Peek(_offset, LogFormat.RecordHeaderBytes);
        if (headerBytes.Length < LogFormat.RecordHeaderBytes
            || !LogRecordHeader.TryRead(headerBytes, _seed, _offset, out var header)
            || header.Length > _window.Length - _offset - LogFormat.RecordHeaderBytes)
        {
            return Stop();
        }

        var bytes = _window.Peek(_offset, LogFormat.RecordHeaderBytes + (long)header.Length);
        var payload = bytes[Math.Min(bytes.Length, LogFormat.RecordHeaderBytes)..];
        if (payload.Length != header.Length || Crc32C.Compute(payload) != header.PayloadChecksum)
        {
            return Stop();
        }

        switch (header.Type)
        {
            case LogRecordType.Trailer:
                HighestWatermark = Math.Max(HighestWatermark, header.DurableBytes);
                _end = JudgeTrailer(payload);
                return false;
            case LogRecordType.Batch when header.FirstSequence <= LastSequence:
                _end = new LogEnd.Damaged(_offset, $"a batch that begins above sequence number {LastSequence}", $"one that begins at {header.FirstSequence}");
                return false;
            case LogRecordType.Batch or LogRecordType.Edit:
                break;
            default:
                throw new StoreFormatException($"{Path} has a record of type {(byte)header.Type} at offset {_offset}: it was written by a newer version of the library.");
        }

        var end = _offset + LogFormat.RecordHeaderBytes + header.Length;
        record = new LogRecord
        {
            Type = header.Type,
            FirstSequence = header.FirstSequence,
            Count = header.Count,
            Payload = payload,
            Offset = _offset,
            EndOffset = end,
            DurableBytes = header.DurableBytes,
        };
        HighestWatermark = Math.Max(HighestWatermark, header.DurableBytes);
        if (header.Count > 0)
        {
            LastSequence = Math.Max(LastSequence, header.FirstSequence + header.Count - 1);
        }

        _recordCount++;
        _offset = end;
        return true;
    }

    /// <summary>
    /// Whether the unfinished record at the end is an empty one of <paramref name="type"/> with the next sequence number, appended when all before it was
    /// durable, as far as it has reached the disk: each of its bytes is that record's, or zero.
    /// </summary>
    public bool EndsInUnwritten(LogRecordType type)
    {
        Span<byte> written = stackalloc byte[LogFormat.RecordHeaderBytes];
        LogRecordHeader.Write(written, _seed, _offset, type, LastSequence + 1, 1, _offset, []);
        var found = _window.Peek(_offset, LogFormat.RecordHeaderBytes);
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] != 0 && found[i] != written[i])
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose() => _window.Dispose();

    private void ReadHeader(LogIdentity? expected)
    {
        var bytes = _window.Peek(0, LogFormat.HeaderBytes);
        if (bytes.Length < LogFormat.HeaderBytes || !LogHeader.HasChecksum(bytes))
        {
            _end = JudgeHeader(bytes, expected);
            return;
        }

        var header = LogHeader.Decode(bytes);
        if (header.FormatVersion != LogFormat.Version)
        {
            throw new StoreFormatException($"{Path} has log format {header.FormatVersion}; this version of the library reads format {LogFormat.Version}.");
        }

        if (expected is { } identity && identity != header.Identity)
        {
            _end = new LogEnd.Damaged(0, Describe(identity), Describe(header.Identity));
            return;
        }

        Header = header;
        LastSequence = header.Predecessor.LastSequence;
        _seed = LogFormat.Seed(header.Identity);
    }

    /// <summary>A log that was created and never begun, or whose header did not reach the disk, is torn at its first byte; everything else is damage.</summary>
    private LogEnd JudgeHeader(ReadOnlySpan<byte> bytes, LogIdentity? expected)
    {
        if (!LogHeader.MayBeUnfinished(bytes))
        {
            return new LogEnd.Damaged(0, "the header of a log", $"bytes that begin with {Convert.ToHexString(bytes[..Math.Min(bytes.Length, LogFormat.Magic.Length)])}");
        }

        if (bytes.Length < LogFormat.HeaderBytes)
        {
            return HighestWatermark > 0
                ? new LogEnd.Damaged(0, $"a log that was durable up to offset {HighestWatermark}", $"{bytes.Length} bytes")
                : new LogEnd.Torn(0, $"{bytes.Length} bytes, too few for a log's header", 0);
        }

        var isZero = bytes.IndexOfAnyExcept((byte)0) < 0;
        if (LogHeader.HasSingleBitError(bytes))
        {
            return new LogEnd.Damaged(0, "a log's header as it was written", "one with a single bit turned over");
        }

        // Records behind a header that is gone can be read only with the identity that the caller, or what is left of the header, tells.
        var tail = new LogTail(_window, expected ?? LogHeader.Decode(bytes).Identity);
        return tail.Judge(0, HighestWatermark) switch
        {
            LogEnd.Damaged damaged => damaged with { Found = isZero ? "zeros" : "a log's header with a wrong checksum" },
            LogEnd.Torn torn => torn with { Reason = isZero ? "zeros instead of a log's header" : "a log's header with a wrong checksum" },
            _ => new LogEnd.Torn(0, "zeros: the log was created and never begun", 0),
        };
    }

    private LogEnd JudgeTrailer(ReadOnlySpan<byte> payload)
    {
        if (!LogFormat.TryReadTrailer(payload, out var recordCount, out var lastSequence)
            || recordCount != _recordCount || lastSequence != LastSequence)
        {
            return new LogEnd.Damaged(
                _offset,
                $"a trailer that closes {_recordCount} records up to sequence number {LastSequence}",
                $"one that closes {recordCount} up to {lastSequence}");
        }

        var end = _offset + LogFormat.RecordHeaderBytes + LogFormat.TrailerPayloadBytes;
        var next = _window.SkipZeros(end);
        return next < _window.Length
            ? new LogEnd.Damaged(next, "nothing after the trailer", $"bytes up to {_window.Length}")
            : new LogEnd.Closed(_offset);
    }

    private bool Stop()
    {
        var tail = new LogTail(_window, Header!.Identity);
        _end = tail.Judge(_offset, HighestWatermark);
        HighestWatermark = Math.Max(HighestWatermark, tail.HighestDurableBytes);
        return false;
    }

    private static string Describe(LogIdentity identity) => $"log {identity.Number} of store {identity.StoreId:x16}";
}
