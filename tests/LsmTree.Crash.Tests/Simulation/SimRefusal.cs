using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Simulation;

/// <summary>One operation that was refused.</summary>
/// <param name="Kind">What was asked.</param>
/// <param name="Path">The file or directory.</param>
/// <param name="Error">What the file system threw.</param>
/// <param name="Phase">What the workload was doing.</param>
/// <param name="Step">How many phases it had been through by then.</param>
internal sealed record SimRefusal(SimEventKind Kind, string Path, Exception Error, char Phase, int Step)
{
    /// <summary>What kind of file it is; null for directories and files of other people.</summary>
    public FileKind? File => FileNames.TryParse(System.IO.Path.GetFileName(Path), out var kind, out _) ? kind : null;

    /// <summary>Whether somebody was told.</summary>
    public bool IsHeard { get; set; }

    public override string ToString() => $"{Kind} {System.IO.Path.GetFileName(Path)} in {Phase}";
}
