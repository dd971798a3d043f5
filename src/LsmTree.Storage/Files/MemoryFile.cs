namespace LsmTree.Storage.Files;

/// <summary>The bytes of a file in memory: written by one thread at its end, read by any number without a lock.</summary>
/// <remarks>
/// Chunks never move and are never reused, and <see cref="Length"/> is published after the bytes below it; so whoever has seen a length may
/// read up to it. Whoever holds the object keeps the bytes, whatever became of the name.
/// </remarks>
internal sealed class MemoryFile
{
    private const int ChunkBytes = 64 << 10; // 64 KiB: below the large-object threshold

    private byte[][] _chunks = [];
    private long _length;

    public long Length => Volatile.Read(ref _length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var length = _length;
        while (bytes.Length > 0)
        {
            var index = (int)(length / ChunkBytes);
            var within = (int)(length % ChunkBytes);
            var fits = Math.Min(bytes.Length, ChunkBytes - within);
            bytes[..fits].CopyTo(ChunkAt(index).AsSpan(within));
            bytes = bytes[fits..];
            length += fits;
        }

        Volatile.Write(ref _length, length);
    }

    public int Read(long offset, Span<byte> buffer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        var chunks = Volatile.Read(ref _chunks);
        for (var done = 0; done < count;)
        {
            var within = (int)((offset + done) % ChunkBytes);
            var fits = Math.Min(count - done, ChunkBytes - within);
            chunks[(offset + done) / ChunkBytes].AsSpan(within, fits).CopyTo(buffer[done..]);
            done += fits;
        }

        return count;
    }

    private byte[] ChunkAt(int index)
    {
        if (index == _chunks.Length)
        {
            var larger = _chunks;
            Array.Resize(ref larger, Math.Max(1, index * 2));
            Volatile.Write(ref _chunks, larger);
        }

        return _chunks[index] ??= new byte[ChunkBytes];
    }
}
