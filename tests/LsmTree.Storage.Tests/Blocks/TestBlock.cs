using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

/// <summary>Blocks of entries without a file around them.</summary>
internal static class TestBlock
{
    public static byte[] Contents(IReadOnlyList<Entry> entries, int restartInterval)
    {
        using var builder = new BlockBuilder(restartInterval);
        byte[] last = [];
        foreach (var entry in entries)
        {
            builder.Add(entry.Key, entry.Key.AsSpan().CommonPrefixLength(last), entry.Trailer, entry.Value);
            last = entry.Key;
        }

        return builder.Finish().Written.ToArray();
    }

    /// <summary>Lays contents into an array as the reader does, with <paramref name="before"/> bytes in front of them.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> contents, int before, out Block block)
    {
        var array = new byte[before + contents.Length + BlockFormat.TrailerBytes];
        contents.CopyTo(array.AsSpan(before));
        return Block.TryCreate(array, before, contents.Length, out block);
    }

    public static Entry Current(BlockCursor cursor) => new(cursor.Key.ToArray(), cursor.Trailer, cursor.Value.ToArray());
}
