using System.Runtime.InteropServices;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tables;

/// <summary>Gathers one line for each data block, and writes the contents of the index block (<see cref="TableIndex"/>).</summary>
internal sealed class TableIndexBuilder : IDisposable
{
    private readonly ByteBuffer _separators = new();
    private readonly ByteBuffer _lineBytes = new();

    /// <summary>The size of the contents if they were written now, in bytes, from above.</summary>
    public long EstimatedBytes => _separators.Length + 16L * Lines.Length;

    private ReadOnlySpan<Line> Lines => MemoryMarshal.Cast<byte, Line>(_lineBytes.Written);

    /// <summary>Adds the line of a block whose last user key is <paramref name="last"/>, when the next block begins with <paramref name="next"/>.</summary>
    public void AddBetween(BlockHandle handle, int entryCount, bool isPlain, ReadOnlySpan<byte> last, ReadOnlySpan<byte> next)
    {
        var start = _separators.Length;
        KeySeparator.Append(last, next, _separators);
        Add(new Line(handle.Size, entryCount, isPlain ? TableIndex.PlainFlag : 0, 0, start, _separators.Length - start));
    }

    /// <summary>Adds the line of a block whose last user key goes on in the next block.</summary>
    public void AddContinuing(BlockHandle handle, int entryCount, ReadOnlySpan<byte> last, ulong lastTrailer)
    {
        Add(new Line(handle.Size, entryCount, TableIndex.ContinuesFlag, lastTrailer, _separators.Length, last.Length));
        _separators.Append(last);
    }

    /// <summary>Adds the line of the last block: it ends with the largest key itself.</summary>
    public void AddLast(BlockHandle handle, int entryCount, bool isPlain, ReadOnlySpan<byte> last)
    {
        Add(new Line(handle.Size, entryCount, isPlain ? TableIndex.PlainFlag : 0, 0, _separators.Length, last.Length));
        _separators.Append(last);
    }

    public void Finish(ByteBuffer destination)
    {
        // The separators ascend, so that what the first and the last have in common all have in common.
        var lines = Lines;
        var prefixLength = lines.IsEmpty ? 0 : Separator(lines[0]).CommonPrefixLength(Separator(lines[^1]));
        destination.AppendVarint((ulong)lines.Length);
        destination.AppendVarint((ulong)prefixLength);
        if (prefixLength > 0)
        {
            destination.Append(Separator(lines[0])[..prefixLength]);
        }

        foreach (ref readonly var line in lines)
        {
            destination.AppendVarint((ulong)line.StoredBytes);
            destination.AppendVarint((ulong)line.EntryCount << 2 | line.Flags);
            if ((line.Flags & TableIndex.ContinuesFlag) != 0)
            {
                destination.AppendVarint(line.LastTrailer);
            }

            var rest = Separator(line)[prefixLength..];
            destination.AppendVarint((ulong)rest.Length);
            destination.Append(rest);
        }
    }

    public void Dispose()
    {
        _separators.Dispose();
        _lineBytes.Dispose();
    }

    private void Add(Line line) => _lineBytes.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<Line>(in line)));

    private ReadOnlySpan<byte> Separator(in Line line) => _separators.Written.Slice(line.SeparatorStart, line.SeparatorLength);

    /// <summary>A line to be: kept as bytes in a pooled array, since a table of usual size has more of them than the small object heap takes.</summary>
    private readonly record struct Line(int StoredBytes, int EntryCount, ulong Flags, ulong LastTrailer, int SeparatorStart, int SeparatorLength);
}
