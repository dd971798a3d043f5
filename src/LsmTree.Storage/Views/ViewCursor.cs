using System.Diagnostics;
using System.Runtime.CompilerServices;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Cursors;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tables;

namespace LsmTree.Storage.Views;

/// <summary>Walks the live keys of a view as of a sequence number: the newest visible version of each key, tombstones hidden.</summary>
/// <remarks>
/// <para>Walking forward, the entry cursor stands at the version that is shown, and key and value are its spans, not copies. Walking backward, the
/// versions of a key come oldest first, so the cursor has already passed them all when the newest visible one is known: key and value are
/// copies, and the entry cursor stands before the key.</para>
/// <para>A change of direction seeks around the current key. A run of hidden versions of one key is stepped over a few times, then jumped by a seek.</para>
/// <para>Over one run of tables a walk forward asks once for each block: in a plain one (<see cref="IPlainRun"/>) every entry is shown, and a step is a step
/// of the block's own cursor. Invariant: <c>_plain</c> is set only while the cursor is valid, walks forward, and the entry cursor is in that block.</para>
/// <para>Entries expire by the moment of the <see cref="ReadPoint"/>, however long the cursor lives: what it has passed, it passes again.</para>
/// <para>The caller keeps the view counted for as long as the cursor lives.</para>
/// </remarks>
internal sealed class ViewCursor : IDisposable
{
    private const int StepsBeforeSeek = 8; // as RocksDB's max_sequential_skip_in_iterations
    private const int SkipsPerCancellationCheck = 1024;

    private readonly ICursor _entries;
    private readonly RangeTombstoneStack _tombstones;
    private readonly RangeTombstoneStack _pendingTombstones;
    private readonly PendingEntries? _pending;
    private readonly ulong _limit;
    private readonly ReadMoment _moment;
    private readonly ulong _seekTrailer;
    private readonly CursorBounds _bounds;
    private readonly CancellationToken _cancellation;
    private readonly PerfContext? _perf;
    private readonly bool _isAlone; // nothing but the entry cursor says what lives
    private readonly IPlainRun? _plainRun; // what is walked, when all of its plain blocks can be shown as they are

    private BlockCursor? _plain; // what is shown, and what Next moves, while the walk is within a plain block
    private CopiedBytes _key;
    private CopiedBytes _value;
    private int _prefixLength; // of the entry cursor's value, before what is shown
    private bool _backward;

    public ViewCursor(StoreView view, ReadPoint point, PendingEntries? pending, CursorBounds bounds, bool fillCache, CancellationToken cancellation)
    {
        _limit = point.Sequence;
        _moment = ReadMoment.At(point.Moment);
        _pending = pending;
        _bounds = bounds;
        _cancellation = cancellation;
        _perf = PerfContext.Active;
        _entries = ViewSources.CreateCursor(view, pending, bounds, fillCache, _perf);
        _tombstones = ViewSources.CollectTombstones(view, bounds, point.Sequence);
        _pendingTombstones = pending?.Entries.RangeTombstones ?? RangeTombstoneStack.Empty;
        _seekTrailer = pending is null ? Keys.Trailer.ForSeek(point.Sequence) : ulong.MaxValue;
        _isAlone = _tombstones.IsEmpty && _pendingTombstones.IsEmpty && pending is not { Entries.IsEmpty: false };
        _plainRun = _isAlone && view.Version.LargestSequence <= _limit ? _entries as IPlainRun : null;
    }

    public bool IsValid { get; private set; }

    /// <summary>Hidden versions and tombstones stepped over so far.</summary>
    public long SkippedEntries { get; private set; }

    public ReadOnlySpan<byte> Key
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _plain is { } plain ? plain.Key : _backward ? _key.Span : _entries.Key;
    }

    public ReadOnlySpan<byte> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _plain is { } plain ? plain.Value : _backward ? _value.Span : _entries.Value[_prefixLength..];
    }

    public void SeekToFirst()
    {
        Leave();
        if (_bounds.Lower is { } lower)
        {
            _entries.Seek(lower, ulong.MaxValue);
        }
        else
        {
            _entries.SeekToFirst();
        }

        ShowForward(skipCurrentKey: false);
    }

    public void SeekToLast()
    {
        Leave();
        if (_bounds.Upper is { } upper)
        {
            _entries.SeekBefore(upper, ulong.MaxValue);
        }
        else
        {
            _entries.SeekToLast();
        }

        ShowBackward();
    }

    /// <summary>Moves to the first live key ≥ <paramref name="key"/>, which may be the cursor's own: the sources get a copy, since each of them moves.</summary>
    public void Seek(ReadOnlySpan<byte> key)
    {
        Leave();
        _key.Set(_bounds.IsBelow(key) ? _bounds.Lower : key);
        _entries.Seek(_key.Span, _seekTrailer);
        ShowForward(skipCurrentKey: false);
    }

    /// <summary>Moves to the last live key ≤ <paramref name="key"/>.</summary>
    public void SeekForPrev(ReadOnlySpan<byte> key)
    {
        Leave();
        if (_bounds.IsPast(key))
        {
            SeekToLast();
            return;
        }

        SeekAfter(key);
        if (_entries.IsValid)
        {
            _entries.Prev();
        }
        else
        {
            _entries.SeekToLast();
        }

        ShowBackward();
    }

    public void Next()
    {
        Debug.Assert(IsValid, "Next on a cursor that is at no entry.");
        if (_plain is { } plain && plain.TryStep())
        {
            if (_bounds.Upper is not null && _bounds.IsPast(plain.Key))
            {
                Leave();
            }

            return;
        }

        Leave();
        NextFromRun();
    }

    private void NextFromRun()
    {
        if (_backward)
        {
            SeekAfter(_key.Span);
            ShowForward(skipCurrentKey: false);
            return;
        }

        _key.Set(_entries.Key);
        _entries.Next();
        ShowForward(skipCurrentKey: true);
    }

    public void Prev()
    {
        Debug.Assert(IsValid, "Prev on a cursor that is at no entry.");
        Leave();
        if (!_backward)
        {
            _key.Set(_entries.Key);
            _entries.SeekBefore(_key.Span, ulong.MaxValue);
        }

        ShowBackward();
    }

    /// <summary>Counts from the current key to the upper bound, by whole blocks where one run of tables holds all there is.</summary>
    public long CountRemaining()
    {
        if (!IsValid)
        {
            return 0;
        }

        if (_backward)
        {
            _key.Set(Key);
            _entries.Seek(_key.Span, _seekTrailer);
            ShowForward(skipCurrentKey: false);
        }

        if (_isAlone && _entries is EntryTreeCursor { Memtable.HasExpiringEntries: false } memtable)
        {
            var inMemory = memtable.CountVisible(_limit, _bounds.Upper, _cancellation);
            Leave();
            return inMemory;
        }

        long count = 0;
        while (IsValid)
        {
            if (_plainRun is { } run && run.TrySkipPlainBlock(_bounds.Upper, _bounds.Upper is not null, out var skipped))
            {
                count += skipped;
                _cancellation.ThrowIfCancellationRequested();
                ShowForward(skipCurrentKey: false);
                continue;
            }

            count++;
            Next();
            if ((count & (SkipsPerCancellationCheck - 1)) == 0)
            {
                _cancellation.ThrowIfCancellationRequested();
            }
        }

        return count;
    }

    public void Dispose()
    {
        Leave();
        _entries.Dispose();
    }

    /// <summary>Moves the entry cursor past every version of <paramref name="key"/>.</summary>
    private void SeekAfter(ReadOnlySpan<byte> key)
    {
        // A trailer of 0 is the last one a key can have; an entry with exactly that trailer is still of this key.
        _key.Set(key);
        _entries.Seek(_key.Span, 0);
        while (_entries.IsValid && _entries.Key.SequenceEqual(_key.Span))
        {
            _entries.Next();
        }
    }

    /// <summary>The cursor is at no entry, and stays so when the move that begins throws.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Leave()
    {
        _plain = null;
        IsValid = false;
    }

    /// <summary>From the entry cursor's place on, finds the next live key. With <paramref name="skipCurrentKey"/>, versions of the remembered key do not count.</summary>
    private void ShowForward(bool skipCurrentKey)
    {
        _backward = false;
        var steps = 0;
        while (_entries.IsValid)
        {
            var key = _entries.Key;
            if (_bounds.IsPast(key))
            {
                break;
            }

            if (skipCurrentKey && key.SequenceEqual(_key.Span))
            {
                CountSkip(_entries.Trailer);
                if (++steps > StepsBeforeSeek)
                {
                    SeekAfter(_key.Span);
                    steps = 0;
                }
                else
                {
                    _entries.Next();
                }

                continue;
            }

            var trailer = _entries.Trailer;
            if (!IsVisible(trailer))
            {
                CountSkip(trailer);
                _entries.Next();
                continue;
            }

            var kind = Keys.Trailer.Kind(trailer);
            if ((kind == EntryKind.Put || IsUnexpired(kind)) && !IsCovered(key, trailer))
            {
                _prefixLength = kind == EntryKind.Put ? 0 : ExpiringValue.PrefixBytes;
                _plain = _plainRun?.PlainBlock;
                IsValid = true;
                return;
            }

            CountSkip(trailer);
            _key.Set(key);
            skipCurrentKey = true;
            steps = 0;
            _entries.Next();
        }

        Leave();
    }

    /// <summary>From the entry cursor's place backward, finds the next live key and copies its newest visible version.</summary>
    private void ShowBackward()
    {
        _backward = true;
        while (_entries.IsValid)
        {
            if (_bounds.IsBelow(_entries.Key))
            {
                break;
            }

            _key.Set(_entries.Key);
            var isLive = false;
            do
            {
                var trailer = _entries.Trailer;
                if (IsVisible(trailer))
                {
                    // Versions come oldest first: each visible one replaces what the older ones said.
                    var kind = Keys.Trailer.Kind(trailer);
                    isLive = (kind == EntryKind.Put || IsUnexpired(kind)) && !IsCovered(_key.Span, trailer);
                    if (isLive)
                    {
                        _value.Set(_entries.Value[(kind == EntryKind.Put ? 0 : ExpiringValue.PrefixBytes)..]);
                    }
                }

                CountSkip(trailer);
                _entries.Prev();
            }
            while (_entries.IsValid && _entries.Key.SequenceEqual(_key.Span));

            if (isLive)
            {
                SkippedEntries--; // the version that is shown was counted with the others
                if (_perf is not null)
                {
                    _perf.EntriesSkipped--;
                }

                IsValid = true;
                return;
            }
        }

        IsValid = false;
    }

    private bool IsVisible(ulong trailer)
    {
        var sequence = Keys.Trailer.Sequence(trailer);
        return sequence <= _limit || (_pending is not null && sequence >= PendingEntries.Base && sequence < _pending.Limit);
    }

    private bool IsUnexpired(EntryKind kind)
    {
        var value = kind == EntryKind.PutExpiring ? _entries.Value : default;
        return kind == EntryKind.PutExpiring && _moment.TryOpen(_entries.Key, ref value);
    }

    private bool IsCovered(ReadOnlySpan<byte> key, ulong trailer)
    {
        var sequence = Keys.Trailer.Sequence(trailer);
        return (!_tombstones.IsEmpty && _tombstones.CoveringSequence(key, _limit) > sequence)
            || (!_pendingTombstones.IsEmpty && _pendingTombstones.CoveringSequence(key, _pending!.Limit - 1) > sequence);
    }

    private void CountSkip(ulong trailer)
    {
        if (_perf is not null)
        {
            _perf.EntriesSkipped++;
            _perf.TombstonesSkipped += Keys.Trailer.Kind(trailer) == EntryKind.Delete ? 1 : 0;
        }

        if ((++SkippedEntries & (SkipsPerCancellationCheck - 1)) == 0)
        {
            _cancellation.ThrowIfCancellationRequested();
        }
    }
}
