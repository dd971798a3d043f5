using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LsmTree.Storage.Memory;

/// <summary>Native memory for pieces that come and go one by one and are of similar sizes: cached blocks.</summary>
/// <remarks>
/// <para>A slab allocator (after Bonwick, 1994). The system is asked for arenas of 2 MiB, which are cut into slabs of 128 KiB, and a slab holds pieces of one size. A
/// piece that is returned is used for the next of its size; a slab that is empty for any size; an arena that is empty goes back to the system, but for one.
/// Should pieces that stay hold memory that is not needed any more, whoever knows them can have an arena emptied (<see cref="TryDrain"/>).</para>
/// <code>
///   pieces of   n bytes, rounded up to 64, 256 at least
///   a slab has  k = 131,072 / n of them, and what is left over is shared out: 30 of 4,352 bytes, 31 of 4,224, 32 of 4,096 …
///   larger than a quarter of a slab: pages of the system of their own
/// </code>
/// <para>Arenas lie on 2 MiB, so that the system can back each with one large page where <see cref="HugePages.Asked"/>: a look at a block then misses
/// no translation of its address. Any thread may take and return.</para>
/// </remarks>
internal sealed class SlabHeap
{
    public const int ArenaBytes = 2 << 20; // 2 MiB, a large page of x64 and arm64

    /// <summary>Pieces up to this size share slabs, in bytes.</summary>
    public const int LargestShared = SlabBytes / 4;

    private const int SlabBytes = 128 << 10; // 128 KiB: 31 blocks of 4 KiB, with little left over
    private const int Rounding = 64; // a cache line
    private const int SmallestPiece = 256;
    private const int PageBytes = 4096;

    private readonly HugePages _hugePages;
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<nint, Arena> _arenas = []; // by their addresses
    private readonly SlabList?[] _partial = new SlabList?[SlabBytes / SmallestPiece + 1]; // by pieces in a slab: those with room
    private readonly SlabList _empty = new();
    private Arena? _filling; // where the last slab was begun
    private bool _isClosed;

    // Interlocked.
    private long _bytes;
    private long _drainingBytes;

    public SlabHeap(HugePages hugePages)
    {
        _hugePages = hugePages;
    }

    /// <summary>Bytes that were taken from the system and not given back.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Those of them that go back as soon as the pieces there are returned.</summary>
    public long DrainingBytes => Volatile.Read(ref _drainingBytes);

    /// <summary>What a piece of <paramref name="bytes"/> really takes.</summary>
    public static int RoundUp(int bytes) => bytes > LargestShared ? (bytes + PageBytes - 1) & ~(PageBytes - 1) : Slab.PieceBytesFor(PiecesFor(bytes));

    /// <summary>A piece with undefined contents, at a multiple of 64. <see cref="Return"/> it.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more memory.</exception>
    public nint Take(int bytes)
    {
        if (bytes > LargestShared)
        {
            var pages = NativePages.Allocate(RoundUp(bytes));
            Interlocked.Add(ref _bytes, RoundUp(bytes));
            return pages;
        }

        lock (_gate)
        {
            var pieces = PiecesFor(bytes);
            var partial = _partial[pieces] ??= new SlabList();
            var slab = partial.First ?? BeginSlabLocked(partial, pieces);
            var piece = slab.Take();
            if (slab.IsFull)
            {
                partial.Remove(slab);
            }

            return piece;
        }
    }

    /// <summary>Takes a piece back, at which nobody may be looking any more.</summary>
    /// <param name="piece">What <see cref="Take"/> gave.</param>
    /// <param name="bytes">What it was asked for.</param>
    public void Return(nint piece, int bytes)
    {
        if (bytes > LargestShared)
        {
            NativePages.Free(piece, RoundUp(bytes));
            Interlocked.Add(ref _bytes, -RoundUp(bytes));
            return;
        }

        lock (_gate)
        {
            var pieces = PiecesFor(bytes);
            var partial = _partial[pieces]!;
            var slab = _arenas[piece & -ArenaBytes].SlabOf(piece);
            Debug.Assert(slab.Pieces == pieces, "A piece is returned with another size than it was taken with.");
            if (slab.IsFull && !slab.Arena.IsDraining)
            {
                partial.Add(slab);
            }

            slab.Return(piece);
            if (slab.IsEmpty)
            {
                if (!slab.Arena.IsDraining)
                {
                    partial.Remove(slab);
                }

                EndSlabLocked(slab);
            }
        }
    }

    /// <summary>
    /// Chooses the arena in which the least memory is in use, but not the one that is being filled. No more pieces are taken from it, and it goes back when all are
    /// returned; the caller sees to that.
    /// </summary>
    /// <param name="arena">Where it begins; it is <see cref="ArenaBytes"/> long.</param>
    public bool TryDrain(out nint arena)
    {
        lock (_gate)
        {
            var least = _arenas.Values.Where(arena => !arena.IsDraining && !arena.IsEmpty && arena != _filling).MinBy(static arena => arena.BytesInUse);
            arena = least?.Address ?? 0;
            if (least is null)
            {
                return false;
            }

            least.IsDraining = true;
            Interlocked.Add(ref _drainingBytes, ArenaBytes);
            foreach (var slab in least.All)
            {
                if (slab.IsEmpty)
                {
                    _empty.Remove(slab);
                }
                else if (!slab.IsFull)
                {
                    _partial[slab.Pieces]!.Remove(slab);
                }
            }

            return true;
        }
    }

    /// <summary>Whether the piece lies in an arena that goes back as soon as its pieces are returned (<see cref="TryDrain"/>).</summary>
    /// <param name="piece">What <see cref="Take"/> gave.</param>
    /// <param name="bytes">What it was asked for.</param>
    public bool IsDraining(nint piece, int bytes)
    {
        if (DrainingBytes == 0 || bytes > LargestShared)
        {
            return false;
        }

        lock (_gate)
        {
            return _arenas[piece & -ArenaBytes].IsDraining;
        }
    }

    /// <summary>Gives back what is empty, and from now on each arena as it becomes empty.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach (var arena in _arenas.Values.Where(static arena => arena.IsEmpty && !arena.IsDraining).ToList())
            {
                FreeLocked(arena);
            }
        }
    }

    private static int PiecesFor(int bytes) => SlabBytes / ((Math.Max(bytes, SmallestPiece) + Rounding - 1) & -Rounding);

    private Slab BeginSlabLocked(SlabList partial, int pieces)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "slabs are guarded by the gate");
        if (_empty.First is null)
        {
            var address = NativePages.AllocateAligned(ArenaBytes, _hugePages);
            Interlocked.Add(ref _bytes, ArenaBytes);
            _arenas.Add(address, new Arena(address, _empty));
        }

        var slab = _empty.First!;
        _empty.Remove(slab);
        slab.Begin(pieces);
        partial.Add(slab);
        _filling = slab.Arena;
        return slab;
    }

    private void EndSlabLocked(Slab slab)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "slabs are guarded by the gate");
        slab.End();
        if (slab.Arena.IsDraining)
        {
            if (slab.Arena.IsEmpty)
            {
                Interlocked.Add(ref _drainingBytes, -ArenaBytes);
                UnmapLocked(slab.Arena);
            }

            return;
        }

        _empty.Add(slab);
        // One empty arena is kept, for the next that is asked for: at least as many slabs are empty besides.
        if (slab.Arena.IsEmpty && (_isClosed || _empty.Count >= 2 * Arena.Slabs))
        {
            FreeLocked(slab.Arena);
        }
    }

    private void FreeLocked(Arena arena)
    {
        Debug.Assert(_gate.IsHeldByCurrentThread, "arenas are guarded by the gate");
        foreach (var slab in arena.All)
        {
            _empty.Remove(slab);
        }

        UnmapLocked(arena);
    }

    private void UnmapLocked(Arena arena)
    {
        _arenas.Remove(arena.Address);
        NativePages.Free(arena.Address, ArenaBytes);
        Interlocked.Add(ref _bytes, -ArenaBytes);
    }

    /// <summary>2 MiB from the system, and its slabs.</summary>
    private sealed class Arena
    {
        public const int Slabs = ArenaBytes / SlabBytes;

        private readonly Slab[] _slabs = new Slab[Slabs];

        public Arena(nint address, SlabList empty)
        {
            Address = address;
            for (var i = 0; i < Slabs; i++)
            {
                _slabs[i] = new Slab(this, address + i * SlabBytes);
                empty.Add(_slabs[i]);
            }
        }

        public nint Address { get; }

        public IReadOnlyList<Slab> All => _slabs;

        /// <summary>Slabs in use.</summary>
        public int InUse { get; set; }

        /// <summary>Of all pieces that are taken.</summary>
        public int BytesInUse { get; set; }

        public bool IsEmpty => InUse == 0;

        /// <summary>No slab of it is in a list any more.</summary>
        public bool IsDraining { get; set; }

        public Slab SlabOf(nint piece) => _slabs[(int)(piece - Address) / SlabBytes];
    }

    /// <summary>Pieces of one size. Those that were returned are chained through their first bytes; those behind <c>_fresh</c> were never taken.</summary>
    private sealed class Slab(Arena arena, nint address)
    {
        private nint _returned;
        private int _fresh;
        private int _taken;

        public Arena Arena => arena;

        /// <summary>How many it holds; 0 while it is in no use.</summary>
        public int Pieces { get; private set; }

        public bool IsFull => _taken == Pieces;

        public bool IsEmpty => _taken == 0;

        // Of the list that the slab is in.
        public Slab? Before { get; set; }

        public Slab? After { get; set; }

        public static int PieceBytesFor(int pieces) => (SlabBytes / pieces) & -Rounding;

        public void Begin(int pieces)
        {
            Pieces = pieces;
            _returned = 0;
            _fresh = 0;
            arena.InUse++;
        }

        public void End()
        {
            Pieces = 0;
            arena.InUse--;
        }

        public unsafe nint Take()
        {
            _taken++;
            arena.BytesInUse += PieceBytesFor(Pieces);
            if (_returned == 0)
            {
                return address + _fresh++ * PieceBytesFor(Pieces);
            }

            var piece = _returned;
            _returned = *(nint*)piece;
            return piece;
        }

        public unsafe void Return(nint piece)
        {
            Debug.Assert((piece - address) % PieceBytesFor(Pieces) == 0, "no piece begins there");
            Poison(piece);
            *(nint*)piece = _returned;
            _returned = piece;
            _taken--;
            arena.BytesInUse -= PieceBytesFor(Pieces);
        }

        /// <summary>Whoever looks at a piece that was returned shall notice, in builds for debugging.</summary>
        [Conditional("DEBUG")]
        private unsafe void Poison(nint piece) => NativeMemory.Fill((void*)piece, (nuint)PieceBytesFor(Pieces), 0xDD);
    }

    /// <summary>Slabs in a chain, so that one can be taken out of the middle.</summary>
    private sealed class SlabList
    {
        public Slab? First { get; private set; }

        public int Count { get; private set; }

        public void Add(Slab slab)
        {
            slab.Before = null;
            slab.After = First;
            if (First is not null)
            {
                First.Before = slab;
            }

            First = slab;
            Count++;
        }

        public void Remove(Slab slab)
        {
            if (slab.Before is null)
            {
                First = slab.After;
            }
            else
            {
                slab.Before.After = slab.After;
            }

            if (slab.After is not null)
            {
                slab.After.Before = slab.Before;
            }

            Count--;
        }
    }
}
