using LsmTree.Storage.Backups;
using LsmTree.Storage.Files;
using LsmTree.Storage.Repairs;

namespace LsmTree.Storage;

/// <summary>Makes a new store of whatever can be read of a damaged one.</summary>
/// <remarks>
/// <para>Tables and logs are read without need of the manifest: each says for itself what it is. Of a damaged table every sound block is saved, of a damaged log
/// every sound record. Of all versions of a key the newest counts, and deletions count.</para>
/// <para>What nobody can do is know what was in the bytes that are gone. When the newest version of a key was in them, an older one comes to light, and so do keys whose
/// deletion was in them: the report names the key ranges for which that may be so. A store that was damaged in the middle of its log may be repaired to a state in which
/// it never was. A backup is better; a repair is what there is without one.</para>
/// </remarks>
public static class StoreRepair
{
    /// <summary>Reads <paramref name="source"/>, which nobody may have open for writing, and writes a store to <paramref name="target"/>.</summary>
    /// <param name="source">The damaged store. Not a byte of it is changed, and it is not locked.</param>
    /// <param name="target">A directory that is absent or empty, or holds what an interrupted repair has left.</param>
    /// <param name="options">How the new store's tables are written; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the work between two entries; what was written to the target is removed.</param>
    /// <exception cref="IOException">The target is not empty, or the source is no directory.</exception>
    /// <exception cref="StoreFormatException">A file of the source is of a newer format.</exception>
    public static RepairReport Run(string source, string target, LsmStoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        var files = new DiskFileSystem();
        return RunOn(files, files.Canonicalize(source), files.Canonicalize(target), options ?? new LsmStoreOptions(), cancellationToken);
    }

    internal static RepairReport RunOn(IFileSystem files, string source, string target, LsmStoreOptions options, CancellationToken cancellationToken)
    {
        var settings = OptionsSplit.Recovery(options);
        CopyTarget.ThrowIfTaken(files, target); // before the long part
        using var survey = RepairSurvey.Read(files, source, cancellationToken);
        using var claimed = CopyTarget.Claim(files, target, OptionsSplit.Holder(options.Time));
        var writer = new RepairWriter(files, target, settings.Seed, settings.Tables, OptionsSplit.Levels(options), options.MemtableBytes);
        var keys = writer.Write(survey, cancellationToken);
        claimed.Complete();
        return new RepairReport(survey.Report(), keys, survey.ManifestUsed);
    }
}
