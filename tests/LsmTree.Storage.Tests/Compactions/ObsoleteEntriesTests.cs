using System.Collections.Immutable;
using System.Globalization;
using LsmTree.Storage.Compactions;
using LsmTree.Storage.Keys;
using LsmTree.Storage.RangeTombstones;
using LsmTree.Storage.Tests.Versions;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>
/// Scripts: entries in internal order ("a#9 put", "a#5 del"), range tombstones ("[a,m)#7"), snapshots, and below which keys older tables lie;
/// then what is kept.
/// </summary>
public sealed class ObsoleteEntriesTests
{
    [Theory]
    // One stripe: the newest counts.
    [InlineData("a#9 a#5 a#1 b#3", "", "", "", "a#0 b#0", "")]
    [InlineData("a#9 a#5 a#1 b#3", "", "", "a-b", "a#9 b#3", "")]
    [InlineData("a#9 b#3", "", "", "b-z", "a#0 b#3", "")]
    // Stripes: one for each snapshot, and the present.
    [InlineData("a#9 a#5", "", "6", "", "a#9 a#0", "")]
    [InlineData("a#9 a#5", "", "5", "", "a#9 a#0", "")]
    [InlineData("a#9 a#5", "", "4", "", "a#9", "")]
    [InlineData("a#9 a#5", "", "9", "", "a#0", "")]
    [InlineData("a#9 a#8 a#6 a#5 a#3 a#1", "", "2 5 7", "", "a#9 a#6 a#5 a#0", "")]
    [InlineData("a#9 a#8 a#6 a#5 a#3 a#1", "", "2 5 7", "a-a", "a#9 a#6 a#5 a#1", "")]
    // Tombstones hide, and vanish when nothing is left to hide.
    [InlineData("a#9d a#5", "", "", "", "", "")]
    [InlineData("a#9d a#5", "", "", "a-c", "a#9d", "")]
    [InlineData("a#9d a#5", "", "6", "", "a#9d a#0", "")]
    [InlineData("a#9d a#5d", "", "6", "", "a#9d", "")]
    [InlineData("a#9 a#5d a#3", "", "6", "", "a#9", "")]
    [InlineData("a#9 a#5d a#3", "", "6 4", "", "a#9 a#5d a#0", "")]
    [InlineData("a#9d b#5 c#4d", "", "", "", "b#0", "")]
    // Range tombstones, in their stripe.
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "", "", "b#0 m#0", "")]
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "", "x-z", "b#0 m#0", "")]
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "", "d-e", "b#9 m#0", "[a,m)#7")]
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "", "m-z", "b#0 m#1", "")]
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "5", "", "a#0 b#9 c#0 m#0", "[a,m)#7")]
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "2", "", "b#9 c#0 m#0", "[a,m)#7")]
    [InlineData("a#3 b#9 c#2 m#1", "[a,m)#7", "7", "", "b#9 m#0", "")]
    [InlineData("a#9d a#3", "[a,m)#7", "8", "", "a#9d", "")]
    [InlineData("", "[a,m)#7 [c,z)#9", "", "", "", "")]
    [InlineData("", "[a,m)#7 [c,z)#9", "", "y-z", "", "[m,z)#9")]
    [InlineData("", "[a,m)#7 [c,z)#9", "8", "", "", "[c,m)#9 [m,z)#9")]
    [InlineData("", "[a,m)#7 [c,z)#9", "8", "b-k", "", "[a,c)#7 [c,m)#9 [c,m)#7 [m,z)#9")]
    [InlineData("", "[a,m)#7 [a,m)#5 [a,m)#2", "3", "b-k", "", "[a,m)#7 [a,m)#2")]
    public void Exactly_what_somebody_sees_is_kept(string entries, string tombstones, string snapshots, string older, string kept, string survivors)
    {
        var rule = new ObsoleteEntries(Sequences(snapshots), Tombstones(tombstones), Older(older), SequenceZeroing.AtTheBottom);
        Assert.Equal(kept, Run(rule, entries));
        Assert.Equal(survivors, string.Join(' ', rule.SurvivingTombstones.Fragments().Select(Describe)));
    }

    [Theory]
    // "e5": expires at 5; the compaction judges by 10.
    [InlineData("a#9e5", "", "", "")]
    [InlineData("a#9e10 b#4e11", "", "", "b#0e11")]
    [InlineData("a#9e5", "", "a-a", "a#9d")]
    [InlineData("a#9e5 a#3", "", "", "")]
    [InlineData("a#9e5 a#3", "4", "", "a#9d a#0")]
    [InlineData("a#9 a#3e5", "4", "", "a#9")]
    [InlineData("a#9 a#3e5", "4", "a-a", "a#9 a#3d")]
    [InlineData("a#9e20 a#3e5", "4", "", "a#9e20")]
    [InlineData("a#9e20 a#3e5", "4 9", "", "a#9e20")]
    public void What_has_expired_is_a_tombstone_from_then_on(string entries, string snapshots, string older, string kept)
    {
        var rule = new ObsoleteEntries(Sequences(snapshots), RangeTombstoneList.Empty, Older(older), SequenceZeroing.AtTheBottom, expiredUpTo: 10);
        Assert.Equal(kept, Run(rule, entries));
    }

    [Fact]
    public void Sequence_numbers_stay_where_tables_are_ordered_by_them()
    {
        var rule = new ObsoleteEntries([], RangeTombstoneList.Empty, Older(""), SequenceZeroing.Never);
        Assert.Equal("a#9 b#3", Run(rule, "a#9 a#5 b#3 c#2d"));
    }

    [Fact]
    public void Nothing_vanishes_when_nobody_has_looked_below()
    {
        var rule = new ObsoleteEntries([], Tombstones("[m,p)#4"), OlderData.Unknown, SequenceZeroing.AtTheBottom);
        Assert.Equal("a#9d b#3", Run(rule, "a#9d a#5 b#3 n#2"));
        Assert.Equal("[m,p)#4", string.Join(' ', rule.SurvivingTombstones.Fragments().Select(Describe)));
    }

    [Fact]
    public void The_first_entry_of_each_key_is_marked()
    {
        var rule = new ObsoleteEntries([5], RangeTombstoneList.Empty, Older(""), SequenceZeroing.AtTheBottom);
        var marks = new List<bool>();
        foreach (var (key, trailer, value) in Entries("a#9 a#5 b#3 bb#2 bb#1"))
        {
            rule.Decide(key, trailer, value);
            marks.Add(rule.IsFirstOfKey);
        }

        Assert.Equal([true, false, true, true, false], marks);
    }

    [Theory]
    [InlineData("b#9 a#5")]
    [InlineData("a#5 a#9")]
    [InlineData("a#5 a#5")]
    public void Entries_out_of_order_are_refused(string entries)
    {
        var rule = new ObsoleteEntries([], RangeTombstoneList.Empty, Older(""), SequenceZeroing.AtTheBottom);
        Assert.Throws<InvalidOperationException>(() => Run(rule, entries));
    }

    [Fact]
    public void Older_data_is_what_lies_below_or_was_left_behind_on_level_0()
    {
        var version = LevelPicture.VersionOf("""
            L0: 9[a-z] #90-99  8[c-d] #80-89  7[c-m] #70-79
            L4: 1[p-q]
            L5: 2[a-f] 3[r-s]
            L6: 4[b-c] 5[x-y]
            """);
        var level0 = version.Level(0);
        var deep = version.Level(5);
        Assert.Equal("b,c,x,y", Held(version, new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(5, [deep[0]])], 6)
            with { OutputLevel = 5 }));
        Assert.Equal("", Held(version, new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(5, deep), new CompactionInput(6, version.Level(6))], 6)));
        // Table 7 stays behind, older than 8; level 4 is jumped over.
        Assert.Equal("b,c,d,e,f,g,h,i,j,k,l,m,p,q,x,y", Held(version, new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(0, [level0[1]]), new CompactionInput(5, deep)], 5)));
    }

    private static string Held(LsmTree.Storage.Versions.Version version, CompactionPlan plan)
    {
        var older = OlderData.Outside(version, plan);
        var stateless = OlderData.Outside(version, plan);
        var held = new List<char>();
        for (var key = 'a'; key <= 'z'; key++)
        {
            var bytes = new[] { (byte)key };
            if (older.MayHold(bytes))
            {
                held.Add(key);
            }

            Assert.Equal(held.Contains(key), stateless.MayHoldWithin(new KeyRange(bytes, bytes)));
        }

        return string.Join(',', held);
    }

    private static string Run(ObsoleteEntries rule, string entries)
    {
        var kept = new List<string>();
        foreach (var (key, trailer, value) in Entries(entries))
        {
            var fate = rule.Decide(key, trailer, value);
            if (fate != EntryFate.Drop)
            {
                var sequence = fate == EntryFate.KeepAtZero ? 0 : Trailer.Sequence(trailer);
                var kind = fate == EntryFate.KeepAsDelete ? EntryKind.Delete : Trailer.Kind(trailer);
                var expiry = kind == EntryKind.PutExpiring && ExpiringValue.TrySplit(value, out var moment, out _) ? $"e{moment}" : "";
                kept.Add($"{System.Text.Encoding.UTF8.GetString(key)}#{sequence}{(kind == EntryKind.Delete ? "d" : expiry)}");
            }
        }

        return string.Join(' ', kept);
    }

    private static IEnumerable<(byte[] Key, ulong Trailer, byte[] Value)> Entries(string entries)
    {
        foreach (var entry in entries.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = entry.Split('#');
            var rest = parts[1].TrimEnd('d').Split('e');
            var kind = entry.EndsWith('d') ? EntryKind.Delete : rest.Length > 1 ? EntryKind.PutExpiring : EntryKind.Put;
            var value = new byte[rest.Length > 1 ? ExpiringValue.PrefixBytes : 0];
            if (rest.Length > 1)
            {
                ExpiringValue.WritePrefix(value, long.Parse(rest[1], CultureInfo.InvariantCulture));
            }

            yield return (LevelPicture.Key(parts[0]), Trailer.Pack(ulong.Parse(rest[0], CultureInfo.InvariantCulture), kind), value);
        }
    }

    private static ulong[] Sequences(string numbers) =>
        [.. numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ulong.Parse).Order()];

    private static RangeTombstoneList Tombstones(string list) => RangeTombstoneList.From([.. list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static text =>
    {
        var parts = text.Split('[', ',', ')', '#');
        return new RangeTombstone(LevelPicture.Key(parts[1]), LevelPicture.Key(parts[2]), ulong.Parse(parts[^1], CultureInfo.InvariantCulture));
    })]);

    private static OlderData Older(string range)
    {
        var version = LevelPicture.VersionOf(range.Length == 0 ? "L1: 1[x-x]" : $"L1: 1[0-0]\nL6: 2[{range}]");
        return OlderData.Outside(version, new CompactionPlan(CompactionKind.Merge, CompactionReason.Manual, [new CompactionInput(1, ImmutableArray.Create(version.Level(1)[0]))], 1));
    }

    private static string Describe(RangeTombstone tombstone) =>
        $"[{System.Text.Encoding.UTF8.GetString(tombstone.Start)},{System.Text.Encoding.UTF8.GetString(tombstone.End)})#{tombstone.Sequence}";
}
