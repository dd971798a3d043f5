namespace LsmTree.Storage.Bytes;

/// <summary>Copies of byte strings, packed side by side into arrays that are used again after <see cref="Clear"/>. A copy never moves.</summary>
/// <remarks>A string larger than a quarter of a chunk gets an array of its own, which is not kept, so that a few large values do not stay for ever.</remarks>
internal sealed class ByteChunks
{
    private const int ChunkBytes = 64 << 10; // 64 KiB: stays off the large object heap (85,000 bytes)
    private const int KeptChunks = 16; // 1 MiB

    private readonly List<byte[]> _chunks = [];
    private int _current;
    private int _used;

    /// <summary>A copy, good until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return default;
        }

        if (bytes.Length > ChunkBytes / 4)
        {
            return bytes.ToArray();
        }

        if (_chunks.Count == 0 || ChunkBytes - _used < bytes.Length)
        {
            NextChunk();
        }

        var copy = _chunks[_current].AsMemory(_used, bytes.Length);
        bytes.CopyTo(copy.Span);
        _used += bytes.Length;
        return copy;
    }

    /// <summary>Forgets all copies. Up to 1 MiB of arrays stays for the next ones.</summary>
    public void Clear()
    {
        if (_chunks.Count > KeptChunks)
        {
            _chunks.RemoveRange(KeptChunks, _chunks.Count - KeptChunks);
        }

        _current = 0;
        _used = 0;
    }

    private void NextChunk()
    {
        _current = _chunks.Count == 0 ? 0 : _current + 1;
        _used = 0;
        if (_current == _chunks.Count)
        {
            _chunks.Add(GC.AllocateUninitializedArray<byte>(ChunkBytes));
        }
    }
}
