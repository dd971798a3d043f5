using LsmTree.Crash.Tests.Planting.Tables;

namespace LsmTree.Crash.Tests.Planting;

/// <summary>All planted bugs.</summary>
internal static class PlantedBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
        [.. LogBugs.All, .. RecoveryBugs.All, .. ManifestBugs.All, .. TableBugs.All, .. CompactionBugs.All, .. ReadBugs.All, .. TransactionBugs.All, .. RangeDeleteBugs.All, .. CopyBugs.All, .. GuardBugs.All, .. SqlBugs.All];
}
