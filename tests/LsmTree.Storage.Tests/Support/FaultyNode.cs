namespace LsmTree.Storage.Tests.Support;

/// <summary>A file of a <see cref="FaultyFileSystem"/>: its bytes, and how many of them an fsync has covered. Guarded by the file system's gate.</summary>
internal sealed class FaultyNode
{
    private const int SectorBytes = 512;

    private byte[] _content = [];

    /// <summary>Bytes written.</summary>
    public int Written { get; private set; }

    /// <summary>Length of the file: what is written, and zeros that are reserved.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that survive a power cut.</summary>
    public int Synced { get; private set; }

    /// <summary>Length that survives a power cut.</summary>
    public int SyncedLength { get; private set; }

    /// <summary>After an fsync that failed, later ones succeed and make nothing durable: the kernel has marked the pages clean.</summary>
    public bool SyncFailed { get; set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Written + bytes.Length > _content.Length)
        {
            Array.Resize(ref _content, Math.Max(Written + bytes.Length, _content.Length * 2));
        }

        bytes.CopyTo(_content.AsSpan(Written));
        Written += bytes.Length;
        Length = Math.Max(Length, Written);
    }

    public void Reserve(int length) => Length = Math.Max(Length, length);

    public void Cut() => Length = Written;

    public void Sync()
    {
        if (!SyncFailed)
        {
            Synced = Written;
            SyncedLength = Length;
        }
    }

    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        var stored = (int)Math.Clamp(Written - offset, 0, count);
        _content.AsSpan((int)Math.Min(offset, Written), stored).CopyTo(buffer);
        buffer[stored..count].Clear();
        return count;
    }

    /// <summary>The file as it is found after a crash.</summary>
    public FaultyNode After(CrashProfile profile, Random? die)
    {
        var bytes = profile switch
        {
            CrashProfile.KeepEverything => Prefix(Written, Length),
            CrashProfile.LoseUnsynced => Prefix(Synced, SyncedLength),
            CrashProfile.KeepSome some => Prefix((int)Math.Min(Written, Synced + some.UnsyncedBytes), (int)Math.Min(Length, Math.Max(SyncedLength, Synced + some.UnsyncedBytes))),
            _ => Sectors(die!),
        };
        var survivor = new FaultyNode();
        survivor.Write(bytes);
        survivor.Sync();
        return survivor;
    }

    private byte[] Prefix(int kept, int length)
    {
        var bytes = new byte[Math.Max(kept, length)];
        _content.AsSpan(0, kept).CopyTo(bytes);
        return bytes;
    }

    private byte[] Sectors(Random die)
    {
        var shortest = Math.Max(Synced, Math.Min(SyncedLength, Length));
        var length = die.Next(2) == 0 ? Math.Max(Length, shortest) : shortest + die.Next(Math.Max(Length - shortest, 0) + 1);
        var bytes = new byte[length];
        _content.AsSpan(0, Synced).CopyTo(bytes);
        for (var sector = Synced / SectorBytes; sector * SectorBytes < Math.Min(Written, length); sector++)
        {
            var from = Math.Max(Synced, sector * SectorBytes);
            var to = Math.Min(Math.Min(Written, length), (sector + 1) * SectorBytes);
            if (die.Next(2) == 0)
            {
                _content.AsSpan(from, to - from).CopyTo(bytes.AsSpan(from));
            }
        }

        return bytes;
    }
}
