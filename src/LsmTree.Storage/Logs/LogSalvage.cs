using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Logs;

/// <summary>Reads every good record of a log, also those behind damage, and remembers where the bad stretches are.</summary>
/// <remarks>
/// Only for repair and verification: what lies behind damage is no prefix of history any more, which <see cref="LogReader"/> never gives out. A
/// record's checksum is bound to its place in one file, so that bytes inside a value cannot pass for one.
/// </remarks>
internal sealed class LogSalvage : IDisposable
{
    private const int ScanBytes = 64 << 10; // 64 KiB

    private readonly LogWindow _window;
    private readonly List<(long From, long To)> _gaps = [];
    private readonly uint _seed;
    private long _offset;
    private bool _isClosed;

    private LogSalvage(LogWindow window, LogIdentity identity, bool hasHeader)
    {
        _window = window;
        _seed = LogFormat.Seed(identity);
        HasHeader = hasHeader;
        _offset = hasHeader ? LogFormat.HeaderBytes : 0;
    }

    /// <summary>Whether the header of the file is sound.</summary>
    public bool HasHeader { get; }

    /// <summary>Bytes of the file.</summary>
    public long FileBytes => _window.Length;

    /// <summary>Stretches with no good record, from the first byte to the byte behind the last, once everything was read. Reserved zeros at the end are none.</summary>
    public IReadOnlyList<(long From, long To)> Gaps => _gaps;

    /// <summary>Opens a log.</summary>
    /// <param name="files">Where the file is.</param>
    /// <param name="path">Its path.</param>
    /// <param name="presumed">Which log it is, should its header be damaged.</param>
    public static LogSalvage Open(IFileSystem files, string path, LogIdentity presumed)
    {
        var window = new LogWindow(files.OpenRead(path));
        try
        {
            var bytes = window.Peek(0, LogFormat.HeaderBytes);
            var hasHeader = bytes.Length == LogFormat.HeaderBytes && LogHeader.HasChecksum(bytes) && LogHeader.Decode(bytes).FormatVersion == LogFormat.Version;
            return new LogSalvage(window, hasHeader ? LogHeader.Decode(bytes).Identity : presumed, hasHeader);
        }
        catch
        {
            window.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next good record; false when there is none left.</summary>
    public bool TryRead(out LogRecord record)
    {
        var gap = -1L;
        while (_offset + LogFormat.RecordHeaderBytes <= _window.Length)
        {
            if (TryReadAt(_offset, out record))
            {
                AddGap(gap, _offset);
                _offset = record.EndOffset;
                gap = -1;
                if (record.Type != LogRecordType.Trailer)
                {
                    return true;
                }

                continue;
            }

            gap = gap < 0 ? _offset : gap;
            _offset = FindHeader(_offset + 1);
        }

        record = default;
        if (!_isClosed)
        {
            _isClosed = true;
            AddGap(gap < 0 ? _offset : gap, _window.Length);
        }

        return false;
    }

    public void Dispose() => _window.Dispose();

    private bool TryReadAt(long offset, out LogRecord record)
    {
        record = default;
        var bytes = _window.Peek(offset, LogFormat.RecordHeaderBytes);
        if (!LogRecordHeader.TryRead(bytes, _seed, offset, out var header)
            || header.Type > LogRecordType.Trailer
            || header.Length > Math.Min(_window.Length - offset - LogFormat.RecordHeaderBytes, LogFormat.MaxPayloadBytes))
        {
            return false;
        }

        var whole = _window.Peek(offset, LogFormat.RecordHeaderBytes + (long)header.Length);
        var payload = whole[Math.Min(whole.Length, LogFormat.RecordHeaderBytes)..];
        if (payload.Length != header.Length || Crc32C.Compute(payload) != header.PayloadChecksum)
        {
            return false;
        }

        record = new LogRecord
        {
            Type = header.Type,
            FirstSequence = header.FirstSequence,
            Count = header.Count,
            Payload = payload,
            Offset = offset,
            EndOffset = offset + LogFormat.RecordHeaderBytes + header.Length,
            DurableBytes = header.DurableBytes,
        };
        return true;
    }

    /// <summary>The first offset from <paramref name="offset"/> where a good record header is; the end of the file when there is none.</summary>
    private long FindHeader(long offset)
    {
        while (offset + LogFormat.RecordHeaderBytes <= _window.Length)
        {
            var bytes = _window.Peek(offset, ScanBytes);
            var found = LogRecordHeader.Find(bytes, _seed, offset, out _);
            if (found >= 0)
            {
                return offset + found;
            }

            if (bytes.Length < LogFormat.RecordHeaderBytes)
            {
                break;
            }

            offset += bytes.Length - LogFormat.RecordHeaderBytes + 1;
        }

        return _window.Length;
    }

    private void AddGap(long from, long to)
    {
        if (from >= 0 && from < to && _window.SkipZeros(from) < to)
        {
            _gaps.Add((from, to));
        }
    }
}
