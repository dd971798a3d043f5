using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>A workload that was run once over a recording file system, and who knows what a crash of it may leave.</summary>
internal interface IRecordedRun
{
    /// <summary>The words of a replay that name the workload.</summary>
    string Words { get; }

    SimFileSystem Files { get; }

    /// <summary>Events of the journal before the last word of the workload.</summary>
    int LastWordFrom { get; }

    LsmStoreOptions Options { get; }

    /// <summary>Ends the workload; what is written then is recorded, too.</summary>
    void Close();

    /// <summary>Opens what a crash left, and returns after which commit it is: one from <paramref name="least"/> to <paramref name="most"/>. Throws when it is none of them.</summary>
    int Check(SimFileSystem image, int least, int most);

    /// <summary>Opens the copies of the store that a crash left, of which so many are complete; returns how many were opened.</summary>
    int CheckCopies(SimFileSystem image, int complete);

    /// <summary>Whether what was found after the one commit is also what there is after one of the others.</summary>
    bool IsAlsoAfter(int found, int least, int most);
}
