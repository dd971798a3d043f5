using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Memtables;

/// <summary>The entries of a memtable in internal order: a B+tree whose nodes hold the heads of the keys, for one writer and readers without locks.</summary>
/// <remarks>
/// <para>A look-up touches a few cache lines of one node a level, all known at once, where a skip list waits for one line after another; a scan
/// knows the next 32 entries before it needs them. docs/decisions/0004-memtable-tree.md has the figures.</para>
/// <para>Readers check versions (optimistic lock coupling, after Leis et al., "The ART of Practical Synchronization", 2016): the version of a child
/// is taken before that of its parent is checked again, so a reader knows that the child was the right one when it was whole. A reader that meets
/// a change starts again; it waits only while the writer is inside one node.</para>
/// <para>Invariants: (1) an entry is complete before a slot names it, never changes and is never removed, so whoever keeps the arena from being freed may hold
/// any entry. (2) Between <see cref="TreeNode.BeginChange"/> and <see cref="TreeNode.EndChange"/> a node is the writer's own; the one change without
/// them is a slot added at the end of a leaf, which becomes visible with the count. (3) A split changes every node from the leaf up to the
/// ancestor that takes the new slot, and begins all these changes before the first. (4) No node is ever removed or emptied; entries only move to
/// a right neighbour. So the first entry of every leaf but the leftmost stays what it was when the leaf was made.</para>
/// </remarks>
internal sealed unsafe class EntryTree
{
    private const int MaxLevels = 12; // 16^12 entries and more
    private const int Ahead = 4; // entries whose memory a scan asks for before it needs them

    private readonly Arena _arena;
    private nint _root;
    private nint _firstLeaf; // the leftmost never changes: splits add to the right
    private nint _lastLeaf;
    private nint _oldest;
    private byte* _youngest;
    private byte* _greatest; // the last entry in order: a key above it needs no search
    private long _count;

    public EntryTree(Arena arena)
    {
        _arena = arena;
        Reset();
    }

    /// <summary>Entries in the tree.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The entry that was inserted first; null when there is none. Entries are inserted in the order of their sequence numbers.</summary>
    public byte* Oldest => (byte*)Volatile.Read(ref _oldest);

    /// <summary>Forgets every entry, after the arena was reset. Only for a tree that nobody else can see.</summary>
    public void Reset()
    {
        _root = (nint)TreeNode.Create(_arena, 0);
        _firstLeaf = _root;
        _lastLeaf = _root;
        _oldest = 0;
        _youngest = null;
        _greatest = null;
        _count = 0;
    }

    /// <summary>Lets go of the arena, which is about to be freed: what comes too late finds no node, and fails.</summary>
    public void Detach()
    {
        _root = 0;
        _firstLeaf = 0;
        _lastLeaf = 0;
        _oldest = 0;
        _youngest = null;
        _greatest = null;
    }

    /// <summary>Adds an entry, whose sequence number is above that of every entry in the tree. One thread at a time.</summary>
    public void Insert(ReadOnlySpan<byte> key, ulong trailer, ReadOnlySpan<byte> value)
    {
        var record = EntryRecord.Create(_arena, key, trailer, value);
        if (_greatest == null || InternalOrder.Compare(EntryRecord.KeyOf(_greatest), EntryRecord.TrailerOf(_greatest), key, trailer) < 0)
        {
            EntryRecord.SetChange(record, null);
            _greatest = record;
            var last = (byte*)_lastLeaf;
            var count = TreeNode.CountOf(last);
            if (count < TreeNode.Slots)
            {
                InsertAtEnd(last, count, record);
                Chain(record);
                return;
            }
        }

        InsertFromRoot(record);
        Chain(record);
    }

    /// <summary>The newest entry of the key at or below the trailer; null when there is none.</summary>
    public byte* Find(ReadOnlySpan<byte> key, ulong trailer)
    {
        SeekAtOrAfter(key, trailer, out var position);
        return position.Record != null && EntryRecord.KeyOf(position.Record).SequenceEqual(key) ? position.Record : null;
    }

    public void SeekToFirst(out TreePosition position) => EnterLeaf((byte*)_firstLeaf, out position);

    public void SeekToLast(out TreePosition position)
    {
        var spin = default(SpinWait);
        while (true)
        {
            var leaf = (byte*)Volatile.Read(ref _lastLeaf);
            if (TreeNode.TryBeginRead(leaf, out var version))
            {
                var count = TreeNode.CountOf(leaf);
                position = count == 0 ? default : new TreePosition { Record = TreeNode.RecordAt(leaf, count - 1), Leaf = leaf, Slot = count - 1, Version = version };
                if (TreeNode.NextOf(leaf) == null && TreeNode.IsUnchanged(leaf, version))
                {
                    return;
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Goes to the first entry at or after (key, trailer), or to none.</summary>
    public void SeekAtOrAfter(ReadOnlySpan<byte> key, ulong trailer, out TreePosition position)
    {
        var spin = default(SpinWait);
        while (true)
        {
            if (TryFindLeaf(key, trailer, orAt: true, out var leaf, out var version))
            {
                var count = TreeNode.CountOf(leaf);
                var slot = TreeNode.CountBelow(leaf, count, key, trailer, orAt: false);
                position = new TreePosition { Leaf = leaf, Slot = slot, Version = version };
                if (slot < count)
                {
                    position.Record = TreeNode.RecordAt(leaf, slot);
                    if (TreeNode.IsUnchanged(leaf, version))
                    {
                        return;
                    }
                }
                else
                {
                    var next = TreeNode.NextOf(leaf);
                    if (TreeNode.IsUnchanged(leaf, version))
                    {
                        EnterLeaf(next, out position);
                        return;
                    }
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Goes to the last entry strictly before (key, trailer), or to none.</summary>
    public void SeekBefore(ReadOnlySpan<byte> key, ulong trailer, out TreePosition position)
    {
        var spin = default(SpinWait);
        while (true)
        {
            if (TryFindLeaf(key, trailer, orAt: false, out var leaf, out var version))
            {
                var slot = TreeNode.CountBelow(leaf, TreeNode.CountOf(leaf), key, trailer, orAt: false) - 1;
                position = slot < 0 ? default : new TreePosition { Record = TreeNode.RecordAt(leaf, slot), Leaf = leaf, Slot = slot, Version = version };
                if (TreeNode.IsUnchanged(leaf, version))
                {
                    return;
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Goes to the entry after <paramref name="position"/>, which is at one, or to none.</summary>
    public void MoveNext(ref TreePosition position)
    {
        var leaf = position.Leaf;
        var slot = position.Slot + 1;
        var count = TreeNode.CountOf(leaf);
        if (slot < count)
        {
            var record = TreeNode.RecordAt(leaf, slot);
            var ahead = slot + Ahead < count ? TreeNode.RecordAt(leaf, slot + Ahead) : null;
            if (TreeNode.IsUnchanged(leaf, position.Version))
            {
                position.Record = record;
                position.Slot = slot;
                if (ahead != null)
                {
                    EntryRecord.Prefetch(ahead);
                }

                return;
            }
        }
        else
        {
            var next = TreeNode.NextOf(leaf);
            if (TreeNode.IsUnchanged(leaf, position.Version))
            {
                EnterLeaf(next, out position);
                return;
            }
        }

        // The leaf has changed since: look for the entry after the one at hand. In internal order that is the same key with the next lower trailer.
        SeekAtOrAfter(EntryRecord.KeyOf(position.Record), EntryRecord.TrailerOf(position.Record) - 1, out position);
    }

    /// <summary>Goes to the entry before <paramref name="position"/>, which is at one, or to none.</summary>
    public void MovePrev(ref TreePosition position)
    {
        if (position.Slot > 0)
        {
            var record = TreeNode.RecordAt(position.Leaf, position.Slot - 1);
            if (TreeNode.IsUnchanged(position.Leaf, position.Version))
            {
                position.Record = record;
                position.Slot--;
                return;
            }
        }

        SeekBefore(EntryRecord.KeyOf(position.Record), EntryRecord.TrailerOf(position.Record), out position);
    }

    /// <summary>
    /// Copies the entries from <paramref name="position"/> to the end of its leaf into <paramref name="records"/>, which has room for
    /// <see cref="TreeNode.Slots"/>, and goes to the entry after them, or to none.
    /// </summary>
    /// <returns>How many were copied; 0 when the position is at none.</returns>
    public int TakeLeaf(ref TreePosition position, byte** records)
    {
        while (position.Record != null)
        {
            var leaf = position.Leaf;
            var slot = position.Slot;
            var taken = TreeNode.CountOf(leaf) - slot;
            for (var i = 0; i < taken; i++)
            {
                records[i] = TreeNode.RecordAt(leaf, slot + i);
            }

            var next = TreeNode.NextOf(leaf);
            if (TreeNode.IsUnchanged(leaf, position.Version))
            {
                EnterLeaf(next, out position);
                return taken;
            }

            SeekAtOrAfter(EntryRecord.KeyOf(position.Record), EntryRecord.TrailerOf(position.Record), out position);
        }

        return 0;
    }

    /// <summary>Goes to the first entry of a leaf; of all but the leftmost it never changes.</summary>
    private static void EnterLeaf(byte* leaf, out TreePosition position)
    {
        position = default;
        if (leaf == null)
        {
            return;
        }

        var spin = default(SpinWait);
        int version;
        while (true)
        {
            if (TreeNode.TryBeginRead(leaf, out version))
            {
                var count = TreeNode.CountOf(leaf);
                var record = count == 0 ? null : TreeNode.RecordAt(leaf, 0);
                if (TreeNode.IsUnchanged(leaf, version))
                {
                    position = new TreePosition { Record = record, Leaf = leaf, Slot = 0, Version = version };
                    for (var slot = 0; slot <= Ahead && slot < count; slot++)
                    {
                        EntryRecord.Prefetch(TreeNode.RecordAt(leaf, slot));
                    }

                    return;
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>The leaf for (key, trailer), whole at <paramref name="version"/>; false when a change came between.</summary>
    /// <param name="key">The key.</param>
    /// <param name="trailer">The trailer.</param>
    /// <param name="orAt">Whether an entry at (key, trailer) is to be in the leaf, or the one before it.</param>
    /// <param name="leaf">The leaf.</param>
    /// <param name="version">The leaf's version when it was the right one.</param>
    private bool TryFindLeaf(ReadOnlySpan<byte> key, ulong trailer, bool orAt, out byte* leaf, out int version)
    {
        leaf = (byte*)Volatile.Read(ref _root);
        if (!TreeNode.TryBeginRead(leaf, out version) || leaf != (byte*)Volatile.Read(ref _root))
        {
            return false;
        }

        while (TreeNode.LevelOf(leaf) != 0)
        {
            var child = TreeNode.ChildAt(leaf, TreeNode.CountBelow(leaf, TreeNode.CountOf(leaf), key, trailer, orAt));
            if (!TreeNode.TryBeginRead(child, out var childVersion) || !TreeNode.IsUnchanged(leaf, version))
            {
                return false;
            }

            leaf = child;
            version = childVersion;
        }

        return true;
    }

    private void InsertFromRoot(byte* record)
    {
        var key = EntryRecord.KeyOf(record);
        var trailer = EntryRecord.TrailerOf(record);
        var path = stackalloc TreeStep[MaxLevels];
        var node = (byte*)_root;
        while (true)
        {
            var slot = TreeNode.CountBelow(node, TreeNode.CountOf(node), key, trailer, orAt: false);
            var level = TreeNode.LevelOf(node);
            path[level] = new TreeStep { Node = node, Slot = slot };
            if (level == 0)
            {
                break;
            }

            node = TreeNode.ChildAt(node, slot);
        }

        var at = path[0].Slot;
        var count = TreeNode.CountOf(node);
        var next = TreeNode.NextOf(node);
        EntryRecord.SetChange(record, at == count ? next == null ? null : TreeNode.RecordAt(next, 0) : TreeNode.MayHold(node, at, key) ? TreeNode.RecordAt(node, at) : null);
        if (count == TreeNode.Slots)
        {
            new TreeSplit(_arena, path, ref _root, ref _lastLeaf).Insert(record);
        }
        else if (at == count)
        {
            InsertAtEnd(node, at, record);
        }
        else
        {
            InsertWithin(node, at, record);
        }
    }

    /// <summary>Readers may go on: they see the slot when it counts.</summary>
    private static void InsertAtEnd(byte* leaf, int count, byte* record)
    {
        if (TreeNode.Fits(leaf, EntryRecord.KeyOf(record)))
        {
            TreeNode.Insert(leaf, count, record, null);
        }
        else
        {
            InsertWithin(leaf, count, record);
        }
    }

    private static void InsertWithin(byte* leaf, int slot, byte* record)
    {
        TreeNode.BeginChange(leaf);
        TreeNode.Insert(leaf, slot, record, null);
        TreeNode.EndChange(leaf);
    }

    private void Chain(byte* record)
    {
        if (_youngest == null)
        {
            Volatile.Write(ref _oldest, (nint)record);
        }
        else
        {
            EntryRecord.SetYounger(_youngest, record);
        }

        _youngest = record;
        Volatile.Write(ref _count, _count + 1);
    }
}
