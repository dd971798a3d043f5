using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Compactions;

/// <summary>The rule of what a compaction keeps. Fed with entries in internal order; knows nothing of files and threads.</summary>
/// <remarks>
/// <para>Snapshots cut time into stripes. A reader sees, of each key, the newest entry at or below its snapshot; so of the entries of one key
/// in one stripe, all readers see the newest or none:</para>
/// <code>
///   time         1 … 40   |   41 … 70   |   71 …
///   snapshots          at 40         at 70
///   stripe          0           1           2        (0 holds what even the oldest snapshot sees)
///
///   a   #90 Put  #75 Put      → keep #90; #75 is hidden in its own stripe
///   a   #66 Delete            → keep: the snapshot at 70 must not see #12
///   a   #12 Put               → keep: the snapshot at 40 sees it
///   b   #30 Delete  #8 Put    → #8 is hidden by #30; #30 itself may vanish when no older b lies anywhere
/// </code>
/// <para>The rule, for each entry:</para>
/// <para>(1) an entry is dropped when a newer one of its key lies in its stripe, kept or not;</para>
/// <para>(2) or when a range tombstone over its key lies in its stripe and is newer;</para>
/// <para>(3) a Delete in stripe 0 is dropped when no table outside may hold its key: what it hid is gone by (1);</para>
/// <para>(4) a Put, expiring or not, in stripe 0 is kept with the sequence number 0 when no table outside may hold its key, and no surviving range tombstone
/// that is older covers it (it would hide the entry then). Nothing can come to lie below the entry any more, so all that its number could still
/// tell has been said. It takes one byte then.</para>
/// <para>(5) an entry that has expired for everybody is a Delete, for (3) and in the output. For everybody: for the present and for every snapshot,
/// each by its own moment, so that what a snapshot has read it reads again.</para>
/// <para>Range tombstones follow the same stripes, piece by piece: one of several in a stripe suffices, and in stripe 0 none is needed where no
/// table outside may hold a key of the piece.</para>
/// <para>The number that is the present one when the list is read counts as a snapshot, so one that is taken afterwards loses nothing by (1) to (5): what lies
/// between the two is in the last stripe. Nor is its moment before the one by which this compaction judges (<see cref="Views.ExpiryClock"/>).</para>
/// </remarks>
internal sealed class ObsoleteEntries
{
    private readonly ulong[] _snapshots;
    private readonly RangeTombstoneList _tombstones;
    private readonly OlderData _older;
    private readonly SequenceZeroing _zeroing;
    private readonly long _expiredUpTo;
    private byte[] _key = new byte[256];
    private int _keyLength = -1;
    private ulong _trailer;
    private int _stripe;

    /// <summary>The rule for one compaction.</summary>
    /// <param name="snapshots">The sequence numbers of all snapshots, ascending; read after the inputs were chosen.</param>
    /// <param name="tombstones">The range tombstones of all inputs.</param>
    /// <param name="older">What lies outside the compaction.</param>
    /// <param name="zeroing">Whether (4) applies.</param>
    /// <param name="expiredUpTo">What expires at or before this moment has expired for everybody, in milliseconds since 1970. By default nothing has.</param>
    public ObsoleteEntries(ulong[] snapshots, RangeTombstoneList tombstones, OlderData older, SequenceZeroing zeroing, long expiredUpTo = long.MinValue)
    {
        _snapshots = snapshots;
        _tombstones = tombstones;
        _older = older;
        _zeroing = zeroing;
        _expiredUpTo = expiredUpTo;
        SurvivingTombstones = Survivors();
    }

    /// <summary>The range tombstones that the output must hold.</summary>
    public RangeTombstoneList SurvivingTombstones { get; }

    /// <summary>True when the last entry decided on was the first one of its key.</summary>
    public bool IsFirstOfKey { get; private set; }

    /// <summary>Decides on the next entry.</summary>
    /// <exception cref="InvalidOperationException">The entry does not come after the one before.</exception>
    public EntryFate Decide(ReadOnlySpan<byte> userKey, ulong trailer, ReadOnlySpan<byte> value)
    {
        var sequence = Trailer.Sequence(trailer);
        var stripe = StripeOf(sequence);
        IsFirstOfKey = !IsSameKey(userKey, trailer);
        var isHidden = !IsFirstOfKey && stripe == _stripe;
        _stripe = stripe;
        _trailer = trailer;
        if (isHidden || IsRangeDeleted(userKey, sequence, stripe))
        {
            return EntryFate.Drop;
        }

        var kind = Trailer.Kind(trailer);
        var isExpired = kind == EntryKind.PutExpiring && ExpiringValue.TrySplit(value, out var expiresAt, out _) && expiresAt <= _expiredUpTo;
        if (stripe > 0 || _older.MayHold(userKey))
        {
            return isExpired ? EntryFate.KeepAsDelete : EntryFate.Keep;
        }

        if (kind == EntryKind.Delete || isExpired)
        {
            return EntryFate.Drop;
        }

        return CanZero(userKey, sequence) ? EntryFate.KeepAtZero : EntryFate.Keep;
    }

    private bool IsSameKey(ReadOnlySpan<byte> userKey, ulong trailer)
    {
        if (_keyLength >= 0)
        {
            var order = _key.AsSpan(0, _keyLength).SequenceCompareTo(userKey);
            if (order > 0 || (order == 0 && _trailer <= trailer))
            {
                throw new InvalidOperationException(
                    $"Entries of a compaction must come in order: {KeyText.Of(userKey)}#{Trailer.Sequence(trailer)} follows {KeyText.Of(_key.AsSpan(0, _keyLength))}#{Trailer.Sequence(_trailer)}.");
            }

            if (order == 0)
            {
                return true;
            }
        }

        if (_key.Length < userKey.Length)
        {
            _key = new byte[Math.Max(userKey.Length, _key.Length * 2)];
        }

        userKey.CopyTo(_key);
        _keyLength = userKey.Length;
        return false;
    }

    private bool IsRangeDeleted(ReadOnlySpan<byte> userKey, ulong sequence, int stripe) =>
        !_tombstones.IsEmpty && _tombstones.CoveringSequence(userKey, NewestOf(stripe)) > sequence;

    private bool CanZero(ReadOnlySpan<byte> userKey, ulong sequence) =>
        _zeroing == SequenceZeroing.AtTheBottom
        && (SurvivingTombstones.IsEmpty || SurvivingTombstones.CoveringSequence(userKey, sequence) == 0);

    /// <summary>The number of snapshots that do not see the sequence number.</summary>
    private int StripeOf(ulong sequence)
    {
        var found = Array.BinarySearch(_snapshots, sequence);
        return found < 0 ? ~found : found;
    }

    private ulong NewestOf(int stripe) => stripe < _snapshots.Length ? _snapshots[stripe] : Trailer.MaxSequence;

    private RangeTombstoneList Survivors()
    {
        var survivors = new List<RangeTombstone>();
        foreach (var fragment in _tombstones.VisibleFragments(_snapshots))
        {
            if (StripeOf(fragment.Sequence) > 0 || _older.MayHoldWithin(new KeyRange(fragment.Start, fragment.End, toIsExclusive: true)))
            {
                survivors.Add(fragment);
            }
        }

        return RangeTombstoneList.From(survivors);
    }
}
