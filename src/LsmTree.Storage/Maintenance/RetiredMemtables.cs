using LsmTree.Storage.Memtables;

namespace LsmTree.Storage.Maintenance;

/// <summary>Sees to it that the memory of flushed memtables comes back soon.</summary>
/// <remarks>
/// <para>Point reads count nothing (docs/decisions/0002), so nobody but the garbage collector knows when the last reader has left a memtable. Left
/// alone, it comes round when the heap has grown several times over: under steady writes 381 MiB were resident where 227 are now. A
/// memory budget would mean nothing. So when flushed memtables of more than <see cref="AllowedBytes"/> have not been through a collection, one is
/// asked for, in the background and without compacting: their chunks are pinned arrays without references, which cost it nothing to look at.</para>
/// <para>A memtable that two collections have spared is held by a snapshot or a cursor; asking again would free nothing, so it is left out.</para>
/// </remarks>
internal sealed class RetiredMemtables
{
    private const long AllowedBytes = 32 << 20; // 32 MiB: a memtable of the default size
    private const int CollectionsThatProve = 2; // the first may have been under way when the memtable was retired

    private readonly List<Retired> _retired = [];

    /// <summary>Notes that the store itself has let go of <paramref name="memtable"/>. One thread at a time.</summary>
    public void Add(Memtable memtable)
    {
        var collections = GC.CollectionCount(GC.MaxGeneration);
        _retired.RemoveAll(retired => collections - retired.Collections >= CollectionsThatProve || !retired.Memtable.TryGetTarget(out _));
        _retired.Add(new Retired(new WeakReference<Memtable>(memtable), memtable.Bytes, collections));
        if (_retired.Sum(retired => retired.Bytes) >= AllowedBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false, compacting: false);
        }
    }

    private readonly record struct Retired(WeakReference<Memtable> Memtable, long Bytes, int Collections);
}
