using System.Diagnostics;
using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Cursors;

/// <summary>Walks several cursors as one, in internal order. Owns its children.</summary>
/// <remarks>
/// <para>Children stand in a binary heap: the smallest at the top when walking forward, the largest when walking backward.</para>
/// <para>Invariants: (1) walking forward, every child but the top is at its first entry after the top's; walking backward, at its last entry
/// before it. (2) Therefore a change of direction seeks every other child around the current entry before it moves: the classical trap of
/// merging iterators. (3) No two children hold the same (key, trailer); should damaged input do so, the child with the lower index wins.</para>
/// <para>A loser tree was not tried yet: with two or three children, the usual case, a heap compares as often.</para>
/// </remarks>
internal sealed class MergingCursor : ICursor
{
    private readonly ICursor[] _children;
    private readonly int[] _heap;
    private int _size;
    private ICursor? _top;
    private bool _backward;

    public MergingCursor(ICursor[] children)
    {
        _children = children;
        _heap = new int[children.Length];
    }

    public bool IsValid => _top is not null;

    public ReadOnlySpan<byte> Key => _top!.Key;

    public ulong Trailer => _top!.Trailer;

    public ReadOnlySpan<byte> Value => _top!.Value;

    public void SeekToFirst()
    {
        foreach (var child in _children)
        {
            child.SeekToFirst();
        }

        Rebuild(backward: false);
    }

    public void SeekToLast()
    {
        foreach (var child in _children)
        {
            child.SeekToLast();
        }

        Rebuild(backward: true);
    }

    public void Seek(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        foreach (var child in _children)
        {
            child.Seek(userKey, trailer);
        }

        Rebuild(backward: false);
    }

    public void SeekBefore(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        foreach (var child in _children)
        {
            child.SeekBefore(userKey, trailer);
        }

        Rebuild(backward: true);
    }

    public void Next()
    {
        Debug.Assert(IsValid, "Next on a cursor that is at no entry.");
        var top = _top!;
        if (_backward)
        {
            foreach (var child in _children)
            {
                if (!ReferenceEquals(child, top))
                {
                    child.Seek(top.Key, top.Trailer);
                }
            }

            top.Next();
            Rebuild(backward: false);
            return;
        }

        top.Next();
        RestoreTop(top);
    }

    public void Prev()
    {
        Debug.Assert(IsValid, "Prev on a cursor that is at no entry.");
        var top = _top!;
        if (!_backward)
        {
            foreach (var child in _children)
            {
                if (!ReferenceEquals(child, top))
                {
                    child.SeekBefore(top.Key, top.Trailer);
                }
            }

            top.Prev();
            Rebuild(backward: true);
            return;
        }

        top.Prev();
        RestoreTop(top);
    }

    public void Dispose()
    {
        foreach (var child in _children)
        {
            child.Dispose();
        }

        _top = null;
        _size = 0;
    }

    private void Rebuild(bool backward)
    {
        _backward = backward;
        _size = 0;
        for (var i = 0; i < _children.Length; i++)
        {
            if (_children[i].IsValid)
            {
                _heap[_size++] = i;
            }
        }

        for (var i = _size / 2 - 1; i >= 0; i--)
        {
            SiftDown(i);
        }

        _top = _size > 0 ? _children[_heap[0]] : null;
    }

    private void RestoreTop(ICursor moved)
    {
        if (!moved.IsValid)
        {
            _heap[0] = _heap[--_size];
            if (_size == 0)
            {
                _top = null;
                return;
            }
        }

        SiftDown(0);
        _top = _children[_heap[0]];
    }

    private void SiftDown(int position)
    {
        var item = _heap[position];
        while (true)
        {
            var child = 2 * position + 1;
            if (child >= _size)
            {
                break;
            }

            if (child + 1 < _size && Precedes(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Precedes(_heap[child], item))
            {
                break;
            }

            _heap[position] = _heap[child];
            position = child;
        }

        _heap[position] = item;
    }

    private bool Precedes(int left, int right)
    {
        var a = _children[left];
        var b = _children[right];
        var order = InternalOrder.Compare(a.Key, a.Trailer, b.Key, b.Trailer);
        if (order == 0)
        {
            return left < right;
        }

        return _backward ? order > 0 : order < 0;
    }
}
