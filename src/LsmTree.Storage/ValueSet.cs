using LsmTree.Storage.Transactions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage;

/// <summary>The values that a MultiGet found, in the order of its keys. Use it again: then a MultiGet allocates nothing but values of more than 16 KiB.</summary>
/// <remarks>The values are copies; a set keeps up to 1 MiB of memory for them between uses. For one thread at a time.</remarks>
public sealed class ValueSet
{
    private readonly KeyBatch _keys = new();

    /// <summary>Keys of the last MultiGet; 0 when it failed.</summary>
    public int Count => _keys.Count;

    /// <summary>How many of them have a value.</summary>
    public int FoundCount => _keys.FoundCount;

    /// <summary>The value of one of the keys.</summary>
    /// <param name="index">The key's place among those that were asked for, from 0.</param>
    /// <param name="value">The value; empty when the key is absent. Valid until the set is used again or cleared.</param>
    /// <returns>Whether the key is present.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public bool TryGetValue(int index, out ReadOnlySpan<byte> value) => _keys.TryGetValue(index, out value);

    /// <summary>Forgets the values.</summary>
    public void Clear() => _keys.Clear();

    /// <summary>Looks the keys up as of <paramref name="point"/> (null: now), and first among the edits of a transaction, which has a point.</summary>
    internal int Load(ViewReader reader, ReadOnlySpan<ReadOnlyMemory<byte>> keys, ReadPoint? point, PendingWrites? writes = null, ReadSet? reads = null)
    {
        var isComplete = false;
        try
        {
            _keys.Begin(keys);
            writes?.Answer(_keys, point.GetValueOrDefault(), reads);
            reader.FindAll(_keys, point);
            _keys.ForgetKeys();
            isComplete = true;
            return _keys.FoundCount;
        }
        finally
        {
            if (!isComplete)
            {
                _keys.Clear();
            }
        }
    }
}
