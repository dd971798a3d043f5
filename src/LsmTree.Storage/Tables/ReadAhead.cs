using LsmTree.Storage.Blocks;

namespace LsmTree.Storage.Tables;

/// <summary>The stored bytes of neighbouring blocks, fetched with one read. Belongs to one cursor.</summary>
internal sealed class ReadAhead
{
    /// <summary>Large enough that the system call is a small part of the cost, and small enough to stay off the large object heap (85,000 bytes).</summary>
    private const int WindowBytes = 64 << 10;

    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowBytes);
    private long _start;
    private int _length;

    public byte[] Array => _window;

    /// <summary>Where the stored contents of the block are in <see cref="Array"/>, when they and their trailer are there.</summary>
    public bool TryFind(BlockHandle handle, out int start)
    {
        start = (int)Math.Max(0, handle.Offset - _start);
        return handle.Offset >= _start && handle.End <= _start + _length;
    }

    /// <summary>Reads whole blocks from <paramref name="ordinal"/> on, <paramref name="bytes"/> in all; false when not even the first fits.</summary>
    public bool TryFill(BlockReader reader, TableIndex index, int ordinal, out int bytes)
    {
        var start = index.Handle(ordinal).Offset;
        var end = start;
        for (var i = ordinal; i < index.Count && index.Handle(i).End - start <= WindowBytes; i++)
        {
            end = index.Handle(i).End;
        }

        _length = 0;
        bytes = (int)(end - start);
        if (bytes == 0)
        {
            return false;
        }

        reader.Fill(start, _window.AsSpan(0, bytes));
        _start = start;
        _length = bytes;
        return true;
    }
}
