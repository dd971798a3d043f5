using LsmTree.Storage.Compactions;
using LsmTree.Storage.Tests.Versions;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Tests.Compactions;

/// <summary>Pictures of levels, and the plan that follows. Base 64 MiB, multiplier 10, tables of 32 MiB.</summary>
public sealed class CompactionPickerTests
{
    [Theory]
    [InlineData("nothing is due in an empty store", "", null)]
    [InlineData("three tables on level 0 wait for a fourth", "L0: 3[a-z] #3-3  2[a-z] #2-2  1[a-z] #1-1", null)]
    [InlineData(
        "four are merged into the last level when there is little data",
        "L0: 4[a-m] #4-4  3[k-z] #3-3  2[a-c] #2-2  1[x-z] #1-1",
        "Merge L0{4,3,2,1} to L6 (Level0)")]
    [InlineData(
        "with what they overlap there",
        "L0: 4[d-m] #4-4  3[d-k] #3-3  2[d-e] #2-2  1[d-e] #1-1\nL6: 7[a-c] 9M 8[c1-d] 9M 9[m-n) 9M 6[n-z] 9M",
        "Merge L0{4,3,2,1} L6{8,9} to L6 (Level0)")]
    [InlineData(
        "tables that do not overlap are moved",
        "L0: 4[s-z] #4-4  3[m-p] #3-3  2[e-k] #2-2  1[a-c] #1-1",
        "Move L0{4,3,2,1} to L6 (Level0)")]
    [InlineData(
        "but not small ones, which are better merged",
        "L0: 4[s-z] #4-4 1M  3[m-p] #3-3 1M  2[e-k] #2-2 1M  1[a-c] #1-1 1M",
        "Merge L0{4,3,2,1} to L6 (Level0)")]
    [InlineData(
        "and not tombstones, which would never meet what they hide",
        "L0: 4[s-z] #4-4  3[m-p] #3-3 del:1/100  2[e-k] #2-2  1[a-c] #1-1",
        "Merge L0{4,3,2,1} to L6 (Level0)")]
    [InlineData(
        "a last level above the base size calls for a level above it",
        "L0: 4[a-z] #4-4  3[a-z] #3-3  2[a-z] #2-2  1[a-z] #1-1\nL6: 7[a-c] 60M 8[d-f] 60M",
        "Merge L0{4,3,2,1} to L5 (Level0)")]
    [InlineData(
        "a level over its target gives the table that overlaps least below",
        "L5: 1[a-c] 2[d-f] 3[g-i]\nL6: 4[a-b] 5[c-d] 6[e-f] 7[g-h] 120M",
        "Merge L5{1} L6{4,5} to L6 (LevelSize)")]
    [InlineData(
        "a table that overlaps nothing below is moved",
        "L5: 1[a-c] 2[d-f] 3[g-i]\nL6: 4[a-b] 5[f-g] 180M",
        "Merge L5{1} L6{4} to L6 (LevelSize)")]
    [InlineData(
        "moved, with nothing below it",
        "L5: 1[a-c] 2[d-e] 3[g-i]\nL6: 4[a-b] 5[f-g] 180M",
        "Move L5{2} to L6 (LevelSize)")]
    [InlineData(
        "tombstones make a table worth more",
        "L5: 1[a-c] 2[d-f] 3[g-i] del:90/100\nL6: 4[a-b] 20M 5[e-f] 20M 7[g-h] 80M",
        "Merge L5{3} L6{7} to L6 (LevelSize)")]
    [InlineData(
        "neighbours that cost nothing below come along",
        "L5: 1[a-b] 2[c-d] 3[x-z] 90M\nL6: 4[a-d] 32M 5[x-z] 200M",
        "Merge L5{1,2} L6{4} to L6 (LevelSize)")]
    [InlineData(
        "the fullest level comes first",
        "L0: 4[a-z] #4-4  3[a-z] #3-3  2[a-z] #2-2  1[a-z] #1-1\nL5: 5[a-c] 200M 6[d-f] 200M\nL6: 7[a-h] 600M",
        "Merge L5{5} L6{7} to L6 (LevelSize)")]
    public void What_is_due_is_compacted(string why, string picture, string? plan) => Assert.True(plan == Pick(picture)?.ToString(), $"{why}: {Pick(picture)}");

    [Theory]
    [InlineData(
        "a table of level 0 full of tombstones does not wait for others",
        "L0: 2[a-z] #20-29  1[a-z] #10-19 1M del:60/100\nL6: 3[a-z] #1-9",
        100UL,
        "Merge L0{1} L6{3} to L6 (Tombstones)")]
    [InlineData(
        "but it waits for a snapshot that needs what they hide",
        "L0: 2[a-z] #20-29  1[a-z] #10-19 1M del:60/100\nL6: 3[a-z] #1-9",
        15UL,
        null)]
    [InlineData("half is enough, less is not", "L6: 1[a-c] #1-9 del:49/100  2[d-f] #1-9 del:50/100", 100UL, "Merge L6{2} to L6 (Tombstones)")]
    [InlineData("and not before the snapshot has gone", "L6: 2[d-f] #1-9 del:50/100", 8UL, null)]
    [InlineData(
        "tombstones go down even where nothing overlaps, to vanish",
        "L5: 1[a-c] 1M #5-9 del:60/100\nL6: 2[x-z]",
        100UL,
        "Merge L5{1} to L6 (Tombstones)")]
    [InlineData(
        "a range tombstone over much data goes to work",
        "L5: 1[a-m) 1M #5-9 rdel:c-m#9\nL6: 2[a-k] 30M  3[l-z]",
        100UL,
        "Merge L5{1} L6{2,3} to L6 (Tombstones)")]
    [InlineData(
        "one over little data does not",
        "L5: 1[a-m) 20M #5-9 rdel:c-m#9\nL6: 2[a-k] 1M  3[l-z] 1M",
        100UL,
        null)]
    public void Tombstones_give_space_back_unasked(string why, string picture, ulong oldestSnapshot, string? plan) =>
        Assert.True(plan == Pick(picture, oldestSnapshot)?.ToString(), $"{why}: {Pick(picture, oldestSnapshot)}");

    [Theory]
    [InlineData(
        "tables wholly inside a newer range tombstone are dropped unread",
        "L0: 9[c-m) #50-50 1M rdel:c-m#50\nL5: 1[c-f] #1-9  2[g-lz] #1-9\nL6: 3[d-k] #0-0 4[l-z] #0-0",
        100UL,
        "DropCovered L5{1,2} L6{3} (Tombstones)")]
    [InlineData(
        "not when a snapshot sees them",
        "L0: 9[c-m) #50-50 100M rdel:c-m#50\nL5: 1[c-f] #1-9",
        49UL,
        null)]
    [InlineData(
        "not when they are as new",
        "L0: 9[c-m) #50-60 100M rdel:c-m#50 8[c-f] #40-49\nL5: 1[c-f] #1-9",
        100UL,
        "DropCovered L0{8} L5{1} (Tombstones)")]
    [InlineData(
        "not when the tombstone ends at their largest key",
        "L0: 9[c-m) #50-50 200M rdel:c-m#50\nL6: 1[c-m] #1-9",
        100UL,
        null)]
    [InlineData(
        "but when they end before it, too",
        "L0: 9[c-m) #50-50 200M rdel:c-m#50\nL6: 1[c-m) #1-9",
        100UL,
        "DropCovered L6{1} (Tombstones)")]
    [InlineData(
        "tombstones of neighbours cover together",
        "L4: 5[a-f) #50-50 100M rdel:a-f#50  6[f-m) #50-51 100M rdel:f-m#51\nL6: 1[b-k] #1-9",
        100UL,
        "DropCovered L6{1} (Tombstones)")]
    [InlineData(
        "a gap between them saves the table",
        "L5: 5[a-f) #50-50 30M rdel:a-f#50  6[g-m) #50-51 30M rdel:g-m#51\nL6: 1[b-k] #1-9 1M",
        100UL,
        null)]
    [InlineData(
        "a tombstone below or beside drops nothing",
        "L5: 1[b-k] #1-9 30M\nL6: 5[a-z) #50-50 30M rdel:a-z#50",
        100UL,
        null)]
    public void Covered_tables_are_dropped(string why, string picture, ulong oldestSnapshot, string? plan) =>
        Assert.True(plan == Pick(picture, oldestSnapshot)?.ToString(), $"{why}: {Pick(picture, oldestSnapshot)}");

    [Fact]
    public void A_running_plan_keeps_its_tables_and_the_space_of_its_outputs_to_itself()
    {
        const string Picture = "L0: 4[a-m] #4-4  3[a-m] #3-3  2[a-m] #2-2  1[a-m] #1-1\nL5: 5[n-o] 2M 6[p-q] 90M 7[r-s] 30M\nL6: 8[n-s] 190M";
        var picture = LevelPicture.Parse(Picture);
        var first = CompactionPicker.Pick(picture.Version, LevelSettings.Default, [], 100, picture.TombstonesOf);
        Assert.Equal("Merge L5{5,6,7} L6{8} to L6 (LevelSize)", first?.ToString());
        var second = CompactionPicker.Pick(picture.Version, LevelSettings.Default, [first!], 100, picture.TombstonesOf);
        Assert.Equal("Merge L0{4,3,2,1} to L5 (Level0)", second?.ToString());
        Assert.Null(CompactionPicker.Pick(picture.Version, LevelSettings.Default, [first!, second!], 100, picture.TombstonesOf));
    }

    [Fact]
    public void A_table_does_not_move_into_the_gap_of_a_running_merge()
    {
        // 1 and 2 are being merged into level 6, over the gap where 9 wants to go.
        var picture = LevelPicture.Parse("L5: 1[a-c] 30M 9[h-i] 90M 2[m-p] 30M\nL6: 3[a-d] 4[k-p] 120M");
        var running = new CompactionPlan(
            CompactionKind.Merge,
            CompactionReason.LevelSize,
            [new CompactionInput(5, [picture.Version.Level(5)[0], picture.Version.Level(5)[2]]), new CompactionInput(6, picture.Version.Level(6))],
            6);
        Assert.Equal("Move L5{9} to L6 (LevelSize)", CompactionPicker.Pick(picture.Version, LevelSettings.Default, [], 100, picture.TombstonesOf)?.ToString());
        Assert.Null(CompactionPicker.Pick(picture.Version, LevelSettings.Default, [running], 100, picture.TombstonesOf));
    }

    [Theory]
    [InlineData(
        "level 0 first, from the newest table that has to do with it down to the oldest",
        "L0: 4[x-z] #4-4  3[a-c] #3-3  2[x-z] #2-2\nL6: 1[a-z]",
        "Merge L0{3,2} L6{1} to L6 (Manual)")]
    [InlineData("then level by level", "L4: 1[a-c]  2[d-z]\nL5: 3[c-e]\nL6: 4[a-z]", "Merge L4{1,2} L5{3} to L5 (Manual)")]
    [InlineData("one table at a time", "L4: 1[a-c]  2[d-z]\nL6: 4[a-z]", "Merge L4{1} to L5 (Manual)")]
    [InlineData("what is left on the last level is cleaned where it is", "L6: 1[a-b] #0-0  2[c-d] #3-7  3[d-z] #0-0", "Merge L6{2} to L6 (Manual)")]
    [InlineData("unless a snapshot needs it", "L6: 2[c-d] #3-101", null)]
    [InlineData("the last level in use is the last", "L5: 2[c-d] #0-0", null)]
    [InlineData("nothing outside the range is touched", "L5: 1[e-z]\nL6: 2[e-z] #3-7", null)]
    public void A_range_is_compacted_down_by_hand(string why, string picture, string? plan)
    {
        var range = new KeyRange("a"u8.ToArray(), "d"u8.ToArray());
        var picked = CompactionPicker.PickManual(LevelPicture.VersionOf(picture), range, LevelSettings.Default, [], oldestSnapshot: 100);
        Assert.True(plan == picked?.ToString(), $"{why}: {picked}");
    }

    [Fact]
    public void A_manual_step_waits_for_a_running_plan()
    {
        var version = LevelPicture.VersionOf("L4: 1[a-c]\nL6: 4[a-z]");
        var step = CompactionPicker.PickManual(version, KeyRange.Everything, LevelSettings.Default, [], 100);
        Assert.NotNull(step);
        Assert.Null(CompactionPicker.PickManual(version, KeyRange.Everything, LevelSettings.Default, [step], 100));
    }

    [Theory]
    [InlineData("", 6, "0 0 0 0 0 max")]
    [InlineData("L6: 1[a-z] 64M", 6, "0 0 0 0 0 max")]
    [InlineData("L6: 1[a-z] 640M", 5, "0 0 0 0 64 max")]
    [InlineData("L6: 1[a-z] 20480M", 3, "0 0 64 204 2047 max")]
    [InlineData("L4: 2[a-z] 10M\nL6: 1[a-z] 640M", 4, "0 0 0 64 64 max")]
    public void Targets_follow_from_the_largest_level(string picture, int baseLevel, string targets)
    {
        var computed = LevelTargets.For(LevelPicture.VersionOf(picture), LevelSettings.Default);
        Assert.Equal(baseLevel, computed.BaseLevel);
        var mebibytes = Enumerable.Range(1, 6).Select(level => computed.TargetBytes(level) is long.MaxValue ? "max" : $"{computed.TargetBytes(level) >> 20}");
        Assert.Equal(targets, string.Join(' ', mebibytes));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("L0: 1[a-z] 30M\nL6: 2[a-z] 640M", 0)]
    [InlineData("L5: 1[a-z] 64M\nL6: 2[a-z] 640M", 0)]
    [InlineData("L5: 1[a-z] 128M\nL6: 2[a-z] 640M", 64 * (1 + 640 / 128))]
    [InlineData("L0: 4[a-z] #4-4  3[a-z] #3-3  2[a-z] #2-2  1[a-z] #1-1\nL6: 9[a-z] 40M", 4 * 32 + 40)]
    public void Debt_is_what_stands_above_the_targets(string picture, long mebibytes) =>
        Assert.Equal(mebibytes << 20, CompactionDebt.Bytes(LevelPicture.VersionOf(picture), LevelSettings.Default));

    private static CompactionPlan? Pick(string text, ulong oldestSnapshot = 100)
    {
        var picture = LevelPicture.Parse(text);
        picture.Version.Validate();
        return CompactionPicker.Pick(picture.Version, LevelSettings.Default, [], oldestSnapshot, picture.TombstonesOf);
    }
}
