using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>A cursor over entries in a list: the model of every other cursor.</summary>
internal sealed class EntryListCursor(IEnumerable<(byte[] Key, ulong Trailer, byte[] Value)> entries) : ICursor
{
    private readonly (byte[] Key, ulong Trailer, byte[] Value)[] _entries =
        [.. entries.OrderBy(static entry => entry, Comparer<(byte[] Key, ulong Trailer, byte[] Value)>.Create(static (left, right) =>
            InternalOrder.Compare(left.Key, left.Trailer, right.Key, right.Trailer)))];

    private int _index = -1;

    public bool IsValid => _index >= 0 && _index < _entries.Length;

    public ReadOnlySpan<byte> Key => _entries[_index].Key;

    public ulong Trailer => _entries[_index].Trailer;

    public ReadOnlySpan<byte> Value => _entries[_index].Value;

    public void SeekToFirst() => _index = 0;

    public void SeekToLast() => _index = _entries.Length - 1;

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer) => _index = CountBefore(userKey, trailer);

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer) => _index = CountBefore(userKey, trailer) - 1;

    public void Next() => _index++;

    public void Prev() => _index--;

    public void Dispose()
    {
    }

    private int CountBefore(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        var count = 0;
        while (count < _entries.Length && InternalOrder.Compare(_entries[count].Key, _entries[count].Trailer, userKey, trailer) < 0)
        {
            count++;
        }

        return count;
    }
}
