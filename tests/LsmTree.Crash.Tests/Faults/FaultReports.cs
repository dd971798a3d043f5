using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>Listens to everything through which a store tells of an error, and says which refusals nobody was told of.</summary>
internal sealed class FaultReports(SimFaultPlan plan) : StoreEventListener
{
    /// <summary>The phase in which a store is being closed.</summary>
    public const char Closing = 'Z';

    private bool _hasLost;

    /// <summary>A refusal that was told to nobody, and that is not one of those of which the documentation says so.</summary>
    /// <remarks>Of several in one step one is told: those behind it met the tidying up after it.</remarks>
    public SimRefusal? Unheard => plan.Refusals.FirstOrDefault(refusal => !refusal.IsHeard && !IsQuiet(refusal) && !plan.Refusals.Any(other => other.IsHeard && other.Step == refusal.Step));

    public override void OnBackgroundError(Exception error)
    {
        _hasLost |= error is StoreFailedException;
        Hear(error);
    }

    /// <summary>Whether the store has told, since the last question, that closing lost what was not flushed.</summary>
    public bool TakeLoss()
    {
        var hasLost = _hasLost;
        _hasLost = false;
        return hasLost;
    }

    public void Hear(Exception error)
    {
        for (var cause = error; cause is not null && plan.Refusals.Count > 0; cause = cause.InnerException)
        {
            Hear(cause.Message);
        }
    }

    public void Hear(in StoreStatistics statistics)
    {
        Hear(statistics.Failure ?? "");
        Hear(statistics.CompactionFailure ?? "");
    }

    /// <summary>Whether the text tells of a refusal: of which file, and with which error.</summary>
    public bool Hear(string text)
    {
        var hasHeard = false;
        foreach (var refusal in plan.Refusals)
        {
            if (text.Contains(refusal.Error.Message, StringComparison.Ordinal))
            {
                refusal.IsHeard = true;
                hasHeard = true;
            }
        }

        return hasHeard;
    }

    private static bool IsQuiet(SimRefusal refusal) => refusal switch
    {
        // The file is in nobody's way, and the next sweep finds it again.
        { Kind: SimEventKind.Delete } => true,

        // A load ends with a sweep: what it could not list, the next lists.
        { Kind: SimEventKind.Look, File: null, Phase: 'L' } => true,

        // For people; nothing depends on it.
        { File: FileKind.Options or FileKind.OptionsTemporary } => true,

        // The seal behind an edit: the edit is safe without it, and the next begins a new manifest. (An edit that fails so and is not told shows in what the store holds.)
        { Kind: SimEventKind.Append, File: FileKind.Manifest } => true,

        // A file of no more length than what was appended to it: there is nothing to cut off.
        { Kind: SimEventKind.Finish, File: FileKind.Manifest } => true,

        // The parent of the store may belong to somebody else, who then has made the store's directory.
        { Kind: SimEventKind.SyncDirectory, Path: "/", Error: FileNotOpenedException or DirectoryNotSyncedException } => true,

        // A log in which nothing is yet: another is begun, at once or by the next write. (A record that fails so and is not told shows in what the store holds.)
        { File: FileKind.Log, Error: StoreFullException or FileNotOpenedException } => true,

        // Dispose does not throw. What it could not save is in the log, or was told as a loss.
        { Phase: Closing } => true,
        _ => false,
    };
}
