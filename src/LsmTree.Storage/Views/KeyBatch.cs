using LsmTree.Storage.Bytes;

namespace LsmTree.Storage.Views;

/// <summary>Keys that are looked up together: the ones without an answer yet in key order, and the answers in the order of the caller.</summary>
/// <remarks>
/// <para>A source of a view is asked about the pending keys from the smallest to the largest, so that neighbours meet in one table and one block.
/// It answers some of them; <see cref="RemoveAnswered"/> then closes the gaps, and the next older source is asked about the rest.</para>
/// <para>Everything is kept for the next use: a batch of the same size allocates nothing but values of more than 16 KiB.</para>
/// </remarks>
internal sealed class KeyBatch
{
    private readonly ByteChunks _values = new();
    private readonly Comparison<int> _inKeyOrder;
    private ReadOnlyMemory<byte>[] _keys = [];
    private Answer[] _answers = [];
    private int[] _pending = []; // positions of keys in the order of the caller; an answered one is there as its complement until it is removed

    public KeyBatch() => _inKeyOrder = (left, right) => _keys[left].Span.SequenceCompareTo(_keys[right].Span);

    /// <summary>Keys of the batch.</summary>
    public int Count { get; private set; }

    /// <summary>Keys that have a value.</summary>
    public int FoundCount { get; private set; }

    /// <summary>Keys without an answer.</summary>
    public int PendingCount { get; private set; }

    /// <summary>Takes the keys of a new batch, and forgets the last one.</summary>
    public void Begin(ReadOnlySpan<ReadOnlyMemory<byte>> keys)
    {
        Clear();
        if (_keys.Length < keys.Length)
        {
            _keys = new ReadOnlyMemory<byte>[keys.Length];
            _answers = new Answer[keys.Length];
            _pending = new int[keys.Length];
        }

        keys.CopyTo(_keys);
        Array.Clear(_answers, 0, keys.Length);
        Count = keys.Length;
        PendingCount = keys.Length;
        var isSorted = true;
        for (var position = 0; position < keys.Length; position++)
        {
            _pending[position] = position;
            isSorted = isSorted && (position == 0 || _inKeyOrder(position - 1, position) <= 0);
        }

        if (!isSorted)
        {
            _pending.AsSpan(0, keys.Length).Sort(_inKeyOrder);
        }
    }

    /// <summary>The pending key at <paramref name="place"/>, from 0 to <see cref="PendingCount"/> - 1. They ascend; equal ones may follow each other.</summary>
    public ReadOnlySpan<byte> PendingKey(int place) => _keys[Position(place)].Span;

    /// <summary>The pending key has this value, which is copied.</summary>
    public void AnswerFound(int place, ReadOnlySpan<byte> value)
    {
        _answers[Position(place)] = new Answer(IsFound: true, _values.Copy(value));
        _pending[place] = ~Position(place);
        FoundCount++;
    }

    public void AnswerAbsent(int place) => _pending[place] = ~Position(place);

    /// <summary>Takes the answered keys from among the pending ones; their places change.</summary>
    public void RemoveAnswered()
    {
        var left = 0;
        for (var place = 0; place < PendingCount; place++)
        {
            if (_pending[place] >= 0)
            {
                _pending[left++] = _pending[place];
            }
        }

        PendingCount = left;
    }

    /// <summary>The value of the key at <paramref name="position"/> in the order of the caller; false when it has none.</summary>
    public bool TryGetValue(int position, out ReadOnlySpan<byte> value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)Count, nameof(position));
        ref readonly var answer = ref _answers[position];
        value = answer.Value.Span;
        return answer.IsFound;
    }

    /// <summary>Lets go of the caller's keys. The answers stay.</summary>
    public void ForgetKeys()
    {
        Array.Clear(_keys, 0, Count);
        PendingCount = 0;
    }

    public void Clear()
    {
        Array.Clear(_keys, 0, Count);
        Array.Clear(_answers, 0, Count);
        _values.Clear();
        Count = 0;
        FoundCount = 0;
        PendingCount = 0;
    }

    private int Position(int place) => _pending[place] < 0 ? ~_pending[place] : _pending[place];

    private readonly record struct Answer(bool IsFound, ReadOnlyMemory<byte> Value);
}
