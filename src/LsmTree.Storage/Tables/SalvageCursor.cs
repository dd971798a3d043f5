using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;

namespace LsmTree.Storage.Tables;

/// <summary>Walks the sound blocks of a damaged table, forward only: all that a merge asks for.</summary>
internal sealed class SalvageCursor : ICursor
{
    private readonly BlockReader _reader;
    private readonly IReadOnlyList<BlockHandle> _blocks;
    private readonly BlockCursor _entries = new();
    private int _block;

    public SalvageCursor(BlockReader reader, IReadOnlyList<BlockHandle> blocks)
    {
        _reader = reader;
        _blocks = blocks;
    }

    public bool IsValid => _entries.IsValid;

    public ReadOnlySpan<byte> Key => _entries.Key;

    public ulong Trailer => _entries.Trailer;

    public ReadOnlySpan<byte> Value => _entries.Value;

    public void SeekToFirst()
    {
        _block = -1;
        LoadNext();
    }

    public void Next()
    {
        if (!_entries.Next())
        {
            LoadNext();
        }
    }

    public void SeekToLast() => throw Forward();

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer) => throw Forward();

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer) => throw Forward();

    public void Prev() => throw Forward();

    public void Dispose() => _entries.Clear();

    private void LoadNext()
    {
        _entries.Clear();
        while (++_block < _blocks.Count)
        {
            var handle = _blocks[_block];
            var array = _reader.Read(handle);
            _entries.Reset(_reader.Decode(array, 0, array.Length - BlockFormat.TrailerBytes, handle));
            if (_entries.SeekToFirst())
            {
                return;
            }
        }
    }

    private static NotSupportedException Forward() => new("A damaged table is walked from its first entry to its last.");
}
