using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Tables;

/// <summary>Gathers one line for each data block, and writes the contents of the index block (<see cref="TableIndex"/>).</summary>
internal sealed class TableIndexBuilder : IDisposable
{
    private readonly ByteBuffer _separators = new();
    private readonly List<Line> _lines = [];

    /// <summary>The size of the contents if they were written now, in bytes, from above.</summary>
    public long EstimatedBytes => _separators.Length + 16L * _lines.Count;

    /// <summary>Adds the line of a block whose last user key is <paramref name="last"/>, when the next block begins with <paramref name="next"/>.</summary>
    public void AddBetween(BlockHandle handle, int entryCount, bool isPlain, ReadOnlySpan<byte> last, ReadOnlySpan<byte> next)
    {
        var start = _separators.Length;
        KeySeparator.Append(last, next, _separators);
        _lines.Add(new Line(handle.Size, entryCount, isPlain, null, start, _separators.Length - start));
    }

    /// <summary>Adds the line of a block whose last user key goes on in the next block.</summary>
    public void AddContinuing(BlockHandle handle, int entryCount, ReadOnlySpan<byte> last, ulong lastTrailer)
    {
        _lines.Add(new Line(handle.Size, entryCount, false, lastTrailer, _separators.Length, last.Length));
        _separators.Append(last);
    }

    /// <summary>Adds the line of the last block: it ends with the largest key itself.</summary>
    public void AddLast(BlockHandle handle, int entryCount, bool isPlain, ReadOnlySpan<byte> last)
    {
        _lines.Add(new Line(handle.Size, entryCount, isPlain, null, _separators.Length, last.Length));
        _separators.Append(last);
    }

    public void Finish(ByteBuffer destination)
    {
        // The separators ascend, so that what the first and the last have in common all have in common.
        var prefixLength = _lines.Count == 0 ? 0 : Separator(_lines[0]).CommonPrefixLength(Separator(_lines[^1]));
        destination.AppendVarint((ulong)_lines.Count);
        destination.AppendVarint((ulong)prefixLength);
        if (prefixLength > 0)
        {
            destination.Append(Separator(_lines[0])[..prefixLength]);
        }

        foreach (var line in _lines)
        {
            destination.AppendVarint((ulong)line.StoredBytes);
            destination.AppendVarint((ulong)line.EntryCount << 2
                | (line.ContinuesAt is null ? 0 : TableIndex.ContinuesFlag)
                | (line.IsPlain ? TableIndex.PlainFlag : 0));
            if (line.ContinuesAt is { } trailer)
            {
                destination.AppendVarint(trailer);
            }

            var rest = Separator(line)[prefixLength..];
            destination.AppendVarint((ulong)rest.Length);
            destination.Append(rest);
        }
    }

    public void Dispose() => _separators.Dispose();

    private ReadOnlySpan<byte> Separator(in Line line) => _separators.Written.Slice(line.SeparatorStart, line.SeparatorLength);

    private readonly record struct Line(int StoredBytes, int EntryCount, bool IsPlain, ulong? ContinuesAt, int SeparatorStart, int SeparatorLength);
}
