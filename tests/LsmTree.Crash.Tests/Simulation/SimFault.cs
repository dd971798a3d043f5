using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Simulation;

/// <summary>One way in which an operating system refuses, as the Files floor reports it.</summary>
/// <param name="Name">The errno.</param>
/// <param name="Number">Its number on Linux.</param>
/// <param name="Concerns">The operations that can be refused so.</param>
/// <param name="IsFull">Whether it is a full disk, which the Files floor reports by a type of its own.</param>
/// <param name="AfterSync">What becomes of the pages, when it is an fsync that is refused.</param>
internal sealed record SimFault(string Name, int Number, Func<SimEventKind, bool> Concerns, bool IsFull = false, AfterFailedSync AfterSync = AfterFailedSync.Dropped)
{
    /// <summary>What the opening of a directory meets, before there is an fsync that could fail.</summary>
    private const int TooManyOpenFiles = 24;

    /// <summary>Every errno that the seam can meet, each where it can be met.</summary>
    public static IReadOnlyList<SimFault> All { get; } =
    [
        new("EIO", 5, static _ => true),
        new("ENOSPC", 28, GrowsDisk, IsFull: true),
        new("EDQUOT", 122, GrowsDisk, IsFull: true),
        new("EACCES", 13, NamesSomething),
        new("EMFILE", TooManyOpenFiles, static kind => kind is SimEventKind.Create or SimEventKind.Open or SimEventKind.Lock or SimEventKind.SyncDirectory),
        new("ENFILE", 23, static kind => kind is SimEventKind.Create or SimEventKind.Open or SimEventKind.Lock),
        new("EROFS", 30, static kind => kind is < SimEventKind.Open),
        new("EBUSY", 16, static kind => kind is SimEventKind.Delete or SimEventKind.Rename),
        new("ENOMEM", 12, static kind => kind is SimEventKind.Create or SimEventKind.Open or SimEventKind.Read or SimEventKind.Look),
        new("EIO-dirty", 5, static kind => kind == SimEventKind.Sync, AfterSync: AfterFailedSync.StillDirty),
        new("EIO-reverted", 5, static kind => kind == SimEventKind.Sync, AfterSync: AfterFailedSync.Reverted),
    ];

    public Exception Create(SimEventKind kind, string path)
    {
        Exception error = IsFull
            ? new StoreFullException($"{kind} of {path} failed: no space left on device ({Name}).")
            : new IOException($"{kind} of {path} failed: {Name} (error {Number}).", Number);
        return kind switch
        {
            SimEventKind.SyncDirectory when Number != TooManyOpenFiles => new DirectoryNotSyncedException(error),
            SimEventKind.Create or SimEventKind.Open or SimEventKind.SyncDirectory => DiskError.NotOpened(error),
            _ => error,
        };
    }

    private static bool GrowsDisk(SimEventKind kind) =>
        kind is SimEventKind.Create or SimEventKind.Append or SimEventKind.Reserve or SimEventKind.Sync or SimEventKind.Rename or SimEventKind.Link or SimEventKind.CreateDirectory or SimEventKind.SyncDirectory or SimEventKind.Lock;

    private static bool NamesSomething(SimEventKind kind) =>
        kind is SimEventKind.Create or SimEventKind.Open or SimEventKind.Rename or SimEventKind.Delete or SimEventKind.Link or SimEventKind.CreateDirectory or SimEventKind.Lock;
}
