using System.Runtime.CompilerServices;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Memtables;

/// <summary>Counts the live keys of a stretch of a skip list.</summary>
/// <remarks>
/// <para>A walk along the list is a chain of cache misses: the next address is known only when the last one has arrived. Two ways around it:</para>
/// <para>A large stretch is counted in the order of insertion, which is the order in memory, and of sequence numbers. Every entry knows what it did
/// to the number of live keys, so the sum over the entries of the stretch up to the reader's number is the count, without looking at versions.</para>
/// <para>A small stretch is counted along the list, in pieces: the upper levels cut it every 256 nodes or so, and walking <see cref="Lanes"/> pieces in
/// turn keeps that many misses under way at once. A piece begins where a user key begins, so that the versions of a key are counted by one lane.</para>
/// <para>Measured on 200,000 entries of 160 bytes inserted in random order, on a virtual machine with dear page walks: stepping along the list 2.5
/// million entries a second, sixteen lanes 10 million.</para>
/// </remarks>
internal unsafe ref struct SkipListCount
{
    private const int Lanes = 16;
    private const int TowerLevel = 4; // a quarter of the nodes reach each further level
    private const int TowerDistance = 256; // 4^4
    private const int StepsPerCheck = 1 << 12;

    private readonly SkipList _list;
    private readonly ulong _limit;
    private readonly byte[]? _upper;
    private readonly CancellationToken _cancellation;
    private byte* _cut; // where the next piece begins; _end when all are taken
    private byte* _tower; // the next node to cut at
    private byte* _end;

    public SkipListCount(SkipList list, ulong limit, byte[]? upper, CancellationToken cancellation)
    {
        _list = list;
        _limit = limit;
        _upper = upper;
        _cancellation = cancellation;
    }

    /// <summary>Counts from <paramref name="node"/> on; the owner of the list is kept alive by the caller.</summary>
    public long From(byte* node)
    {
        _end = _upper is null ? null : _list.FindAtOrAfter(_upper, ulong.MaxValue);
        if (node == null || node == _end)
        {
            return 0;
        }

        _cut = node;
        _tower = _list.FindTowerAfter(node, TowerLevel);
        return IsLarge() ? CountInMemoryOrder(node) : CountAlongTheList();
    }

    /// <summary>Whether the stretch holds more than an eighth of the entries, judged by the towers in it.</summary>
    private readonly bool IsLarge()
    {
        var enough = _list.Count / (TowerDistance * 8);
        var towers = 0L;
        for (var tower = _tower; tower != null && towers <= enough && IsBelowUpper(tower); tower = SkipList.NextTower(tower, TowerLevel))
        {
            towers++;
        }

        return towers > enough;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly long CountInMemoryOrder(byte* first)
    {
        var lower = SkipList.KeyOf(first);
        long count = 0;
        long steps = 0;
        for (var node = _list.Oldest; node != null && Trailer.Sequence(SkipList.TrailerOf(node)) <= _limit; node = SkipList.Younger(node))
        {
            var key = SkipList.KeyOf(node);
            if (key.SequenceCompareTo(lower) >= 0 && (_upper is null || key.SequenceCompareTo(_upper) < 0))
            {
                count += SkipList.ChangeOf(node);
            }

            if ((++steps & (StepsPerCheck - 1)) == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }
        }

        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long CountAlongTheList()
    {
        var nodes = stackalloc byte*[Lanes];
        var stops = stackalloc byte*[Lanes];
        var decided = stackalloc byte*[Lanes];
        var lanes = 0;
        while (lanes < Lanes && TryTakePiece(out nodes[lanes], out stops[lanes]))
        {
            decided[lanes++] = null;
        }

        long count = 0;
        long steps = 0;
        while (lanes > 0)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                var at = nodes[lane];
                if (at == stops[lane])
                {
                    decided[lane] = null;
                    if (!TryTakePiece(out nodes[lane], out stops[lane]))
                    {
                        lanes--;
                        nodes[lane] = nodes[lanes];
                        stops[lane] = stops[lanes];
                        decided[lane] = decided[lanes];
                    }

                    continue;
                }

                nodes[lane] = SkipList.Next(at);
                var trailer = SkipList.TrailerOf(at);
                if (Trailer.Sequence(trailer) <= _limit && (decided[lane] == null || !SkipList.SameKey(decided[lane], at)))
                {
                    decided[lane] = at;
                    count += Trailer.Kind(trailer) == EntryKind.Put ? 1 : 0;
                }
            }

            if ((++steps & (StepsPerCheck - 1)) == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }
        }

        return count;
    }

    private bool TryTakePiece(out byte* from, out byte* to)
    {
        from = _cut;
        to = _end;
        if (_cut == _end)
        {
            return false;
        }

        while (_tower != null && IsBelowUpper(_tower))
        {
            var start = NextKey(_tower);
            _tower = SkipList.NextTower(_tower, TowerLevel);
            if (start == _end)
            {
                break;
            }

            if (start != from)
            {
                to = start;
                _cut = start;
                return true;
            }
        }

        _cut = _end;
        return true;
    }

    private readonly bool IsBelowUpper(byte* node) => _upper is null || SkipList.KeyOf(node).SequenceCompareTo(_upper) < 0;

    /// <summary>The first node after <paramref name="node"/> with another user key, or the end.</summary>
    private readonly byte* NextKey(byte* node)
    {
        var next = SkipList.Next(node);
        while (next != null && next != _end && SkipList.SameKey(node, next))
        {
            next = SkipList.Next(next);
        }

        return next;
    }
}
