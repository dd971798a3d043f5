using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Logs;

/// <summary>Decides what it means that no good record begins at an offset: nothing, a crash, or damage.</summary>
/// <remarks>
/// <para>A crash may leave any mixture of old and new sectors behind the last fsync, and must not keep a store from opening. Damage must not
/// pass for a crash, because cutting it off would silently drop writes that were safe. The evidence, in this order:</para>
/// <list type="number">
/// <item>Only zeros to the end of the file: the log ends here, unless these bytes are known to have been durable.</item>
/// <item>A good record further on says that an fsync had covered the bad one: damage. A trailer always says so of all before it.</item>
/// <item>Good records further on, but none says so: unsynced records reached the disk out of order. Torn; they are lost with it.</item>
/// <item>Nothing good further on, but the offset is below what the caller knows to be durable: damage.</item>
/// <item>Turning over one single bit makes the record good, and the byte that has it is not zero: damage. A torn write does not look like that.
/// A zero byte proves nothing: if a record's last byte is 1 and alone in its sector, and the sector is lost, then one bit is missing, too.</item>
/// <item>Otherwise torn.</item>
/// </list>
/// <para>What cannot be told: several bits lost in the last records since the last fsync that any later record knows of. They read as
/// torn.</para>
/// </remarks>
internal sealed class LogTail
{
    // A torn record of n bytes looks like one flipped bit with a chance of 8n / 2^32: at 64 KiB one in 8,000.
    private const int MaxBitFlipBytes = 64 << 10; // 64 KiB
    private const int ScanBytes = 64 << 10; // 64 KiB

    private readonly LogWindow _window;
    private readonly uint _seed;

    public LogTail(LogWindow window, LogIdentity identity)
    {
        _window = window;
        _seed = LogFormat.Seed(identity);
    }

    /// <summary>The most that any good record behind the bad one knows to be durable, in bytes from the start of the file.</summary>
    public long HighestDurableBytes { get; private set; }

    private int LaterRecords { get; set; }

    /// <summary>Judges the offset, where <paramref name="durableBytes"/> of the file are known to have been durable.</summary>
    public LogEnd Judge(long offset, long durableBytes)
    {
        var firstNonZero = _window.SkipZeros(offset);
        if (firstNonZero >= _window.Length)
        {
            return offset < durableBytes
                ? new LogEnd.Damaged(offset, $"records up to offset {durableBytes}, which were durable", offset < _window.Length ? "zeros" : "the end of the file")
                : new LogEnd.Open(offset);
        }

        ScanFrom(offset + 1);
        if (Math.Max(durableBytes, HighestDurableBytes) > offset)
        {
            return new LogEnd.Damaged(
                offset,
                $"a record that was durable: the log was synced up to offset {Math.Max(durableBytes, HighestDurableBytes)}",
                Describe(offset));
        }

        if (LaterRecords > 0)
        {
            return new LogEnd.Torn(offset, $"{Describe(offset)}, before records that were never synced", LaterRecords);
        }

        return HasSingleBitError(offset)
            ? new LogEnd.Damaged(offset, "a record as it was written", "one with a single bit turned over")
            : new LogEnd.Torn(offset, Describe(offset), 0);
    }

    /// <summary>Looks for good records at every byte. The checksum is bound to the place, so that bytes inside a value cannot pass for one.</summary>
    public void ScanFrom(long offset)
    {
        while (offset + LogFormat.RecordHeaderBytes <= _window.Length)
        {
            var bytes = _window.Peek(offset, ScanBytes);
            var found = LogRecordHeader.Find(bytes, _seed, offset, out var header);
            if (found < 0)
            {
                if (bytes.Length < LogFormat.RecordHeaderBytes)
                {
                    return;
                }

                offset += bytes.Length - LogFormat.RecordHeaderBytes + 1;
                continue;
            }

            offset += found;
            HighestDurableBytes = Math.Max(HighestDurableBytes, header.DurableBytes);
            var payload = offset + LogFormat.RecordHeaderBytes;
            if (header.Length <= _window.Length - payload && _window.Checksum(payload, header.Length) == header.PayloadChecksum)
            {
                LaterRecords++;
                offset = payload + header.Length;
            }
            else
            {
                offset++;
            }
        }
    }

    private bool HasSingleBitError(long offset)
    {
        var bytes = _window.Peek(offset, LogFormat.RecordHeaderBytes);
        if (bytes.Length < LogFormat.RecordHeaderBytes)
        {
            return false;
        }

        if (!LogRecordHeader.TryRead(bytes, _seed, offset, out var header))
        {
            return LogRecordHeader.HasSingleBitError(bytes, _seed, offset);
        }

        var payload = offset + LogFormat.RecordHeaderBytes;
        if (header.Length > Math.Min(MaxBitFlipBytes, _window.Length - payload))
        {
            return false;
        }

        var difference = header.PayloadChecksum ^ _window.Checksum(payload, header.Length);
        return Crc32C.TryFindSingleBitError(difference, (int)header.Length, out var index) && _window.Peek(payload + index, 1) is not [0];
    }

    private string Describe(long offset)
    {
        var bytes = _window.Peek(offset, LogFormat.RecordHeaderBytes);
        if (bytes.Length < LogFormat.RecordHeaderBytes)
        {
            return $"{bytes.Length} bytes, too few for a record's header";
        }

        if (!LogRecordHeader.TryRead(bytes, _seed, offset, out var header))
        {
            return "a record header with a wrong checksum";
        }

        return header.Length > _window.Length - offset - LogFormat.RecordHeaderBytes
            ? $"a record of {header.Length} bytes that goes beyond the end of the file at {_window.Length}"
            : $"a record of {header.Length} bytes with a wrong checksum";
    }
}
