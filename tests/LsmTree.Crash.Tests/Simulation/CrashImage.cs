namespace LsmTree.Crash.Tests.Simulation;

/// <summary>What a crash left.</summary>
/// <param name="Files">The file system that the next process finds; it records.</param>
/// <param name="Identity">Equal for images of one journal that hold the same.</param>
internal readonly record struct CrashImage(SimFileSystem Files, ulong Identity);
