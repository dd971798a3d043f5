namespace LsmTree.Crash.Tests.Simulation;

/// <summary>A file of a <see cref="SimFileSystem"/>: bytes that only grow, and how many of them a power cut would spare. Guarded by the file system's gate.</summary>
/// <remarks>
/// <code>
/// 0         Synced         Written            Length
/// | durable | in the cache | reserved zeros   |
/// </code>
/// Content below <see cref="Written"/> never changes but by an fsync that fails (and then no image is taken), so a crash image may share the array of the run that it was taken from.
/// </remarks>
internal sealed class SimNode
{
    private bool _isSyncLost;

    public SimNode(int id) => Id = id;

    public int Id { get; }

    public byte[] Content { get; private set; } = [];

    public int Written { get; private set; }

    public int Length { get; private set; }

    public int Synced { get; private set; }

    public int SyncedLength { get; private set; }


    /// <summary>A file as a crash left it: durable by definition, its bytes borrowed.</summary>
    public static SimNode Frozen(int id, byte[] content, int written, int length) =>
        new(id) { Content = content, Written = written, Length = length, Synced = written, SyncedLength = length };

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Written + bytes.Length > Content.Length)
        {
            var larger = new byte[Math.Max(Written + bytes.Length, Math.Max(256, Content.Length * 2))];
            Content.AsSpan(0, Written).CopyTo(larger);
            Content = larger;
        }

        bytes.CopyTo(Content.AsSpan(Written));
        Written += bytes.Length;
        Length = Math.Max(Length, Written);
    }

    public void Reserve(int length) => Length = Math.Max(Length, length);

    public void Cut() => Length = Written;

    public void FailSync(AfterFailedSync outcome)
    {
        _isSyncLost |= outcome != AfterFailedSync.StillDirty;
        if (outcome == AfterFailedSync.Reverted)
        {
            Content.AsSpan(Synced, Written - Synced).Clear();
        }
    }

    public void Sync()
    {
        if (!_isSyncLost)
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
        Content.AsSpan((int)Math.Min(offset, Written), stored).CopyTo(buffer);
        buffer[stored..count].Clear();
        return count;
    }
}
