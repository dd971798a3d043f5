namespace LsmTree.Storage.Memtables;

/// <summary>Inserts an entry into a full leaf: the leaf is split, and full nodes above it, and perhaps a new root is set on top.</summary>
/// <remarks>
/// A node that is full and gets the new slot behind all others is left as it is, and the slot begins a node of its own: keys that arrive in
/// order then fill their nodes. The root is published before the old one's change ends, so a reader that began at the old one notices.
/// </remarks>
internal readonly unsafe ref struct TreeSplit
{
    private const int Middle = TreeNode.Slots / 2;

    private readonly Arena _arena;
    private readonly TreeStep* _path;
    private readonly ref nint _root;
    private readonly ref nint _lastLeaf;

    public TreeSplit(Arena arena, TreeStep* path, ref nint root, ref nint lastLeaf)
    {
        _arena = arena;
        _path = path;
        _root = ref root;
        _lastLeaf = ref lastLeaf;
    }

    public void Insert(byte* record)
    {
        var rootLevel = TreeNode.LevelOf((byte*)_root);
        var top = 1;
        while (top <= rootLevel && TreeNode.CountOf(_path[top].Node) == TreeNode.Slots)
        {
            top++;
        }

        // All memory first: running out of it must leave the tree as it was.
        var added = stackalloc byte*[top + 1];
        for (var level = 0; level < top; level++)
        {
            added[level] = TreeNode.Create(_arena, level);
        }

        var newRoot = top > rootLevel ? TreeNode.Create(_arena, top) : null;
        for (var level = Math.Min(top, rootLevel); level >= 0; level--)
        {
            TreeNode.BeginChange(_path[level].Node);
        }

        var separator = SplitLeaf(added[0], record);
        for (var level = 1; level < top; level++)
        {
            separator = SplitInner(_path[level], added[level], separator, added[level - 1]);
        }

        if (newRoot == null)
        {
            TreeNode.Insert(_path[top].Node, _path[top].Slot, separator, added[top - 1]);
        }
        else
        {
            TreeNode.InheritSkip((byte*)_root, newRoot);
            TreeNode.SetFirstChild(newRoot, (byte*)_root);
            TreeNode.Insert(newRoot, 0, separator, added[top - 1]);
            Volatile.Write(ref _root, (nint)newRoot);
        }

        for (var level = 0; level <= Math.Min(top, rootLevel); level++)
        {
            TreeNode.EndChange(_path[level].Node);
        }
    }

    private byte* SplitLeaf(byte* right, byte* record)
    {
        var left = _path[0].Node;
        var slot = _path[0].Slot;
        TreeNode.SetNext(right, TreeNode.NextOf(left));
        if (slot == TreeNode.Slots)
        {
            TreeNode.Raise(left);
            TreeNode.InheritSkip(left, right);
            TreeNode.Insert(right, 0, record, null);
        }
        else
        {
            TreeNode.MoveTail(left, Middle, right);
            TreeNode.Raise(left);
            TreeNode.Raise(right);
            if (slot <= Middle)
            {
                TreeNode.Insert(left, slot, record, null);
            }
            else
            {
                TreeNode.Insert(right, slot - Middle, record, null);
            }
        }

        TreeNode.SetNext(left, right);
        if (_lastLeaf == (nint)left)
        {
            Volatile.Write(ref _lastLeaf, (nint)right);
        }

        return TreeNode.RecordAt(right, 0);
    }

    /// <summary>Splits a full inner node and adds a child to one of the halves; the first entry behind the left half goes up.</summary>
    private static byte* SplitInner(TreeStep step, byte* right, byte* separator, byte* child)
    {
        var left = step.Node;
        var slot = step.Slot;
        if (slot == TreeNode.Slots)
        {
            TreeNode.Raise(left);
            TreeNode.InheritSkip(left, right);
            TreeNode.SetFirstChild(right, child);
            return separator;
        }

        var risen = TreeNode.RecordAt(left, Middle);
        TreeNode.SetFirstChild(right, TreeNode.ChildAt(left, Middle + 1));
        TreeNode.MoveTail(left, Middle + 1, right);
        TreeNode.DropLast(left);
        TreeNode.Raise(left);
        TreeNode.Raise(right);
        if (slot <= Middle)
        {
            TreeNode.Insert(left, slot, separator, child);
        }
        else
        {
            TreeNode.Insert(right, slot - Middle - 1, separator, child);
        }

        return risen;
    }
}
