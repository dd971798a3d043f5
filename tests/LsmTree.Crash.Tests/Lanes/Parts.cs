using LsmTree.Crash.Tests.Calls;
using LsmTree.Crash.Tests.Corruption;
using LsmTree.Crash.Tests.Faults;
using LsmTree.Crash.Tests.Fuzzing;
using LsmTree.Crash.Tests.Hostility;
using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Kills;
using LsmTree.Crash.Tests.Models;
using LsmTree.Crash.Tests.Planting;
using LsmTree.Crash.Tests.Schedules;
using LsmTree.Crash.Tests.Shutdowns;

namespace LsmTree.Crash.Tests.Lanes;

/// <summary>All parts, in the order in which they run.</summary>
internal static class Parts
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new ModelPart(),
        new ImagePart(),
        new FaultPart(),
        new CorruptionPart(),
        new HostilePart(),
        new FuzzPart(),
        new KillPart(),
        new CallPart(),
        new ShutdownPart(),
        new SchedulePart(),
        new PlantedPart(),
    ];
}
