using LsmTree.Storage.Batches;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Inspection;

/// <summary>Reads every byte of every file that counts: tables, logs, manifest, CURRENT and OPTIONS.</summary>
/// <remarks>
/// The store may be in use. Tables of a held version do not change; a log or the manifest may grow while it is read, so what looks like damage there is looked at
/// once more before it is told. An unfinished record at the end of a log is what a crash leaves, and no damage.
/// </remarks>
internal sealed class StoreVerification
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly VersionSet _versions;
    private readonly List<VerificationProblem> _problems = [];
    private int _fileCount;
    private long _byteCount;

    private StoreVerification(IFileSystem files, string directory, VersionSet versions)
    {
        _files = files;
        _directory = directory;
        _versions = versions;
    }

    public static VerificationReport Run(IFileSystem files, string directory, VersionSet versions, Versions.Version version, CancellationToken cancellation)
    {
        var verification = new StoreVerification(files, directory, versions);
        verification.Check(version, cancellation);
        return new VerificationReport(verification._fileCount, verification._byteCount, verification._problems);
    }

    private void Check(Versions.Version version, CancellationToken cancellation)
    {
        foreach (var table in version.Tables)
        {
            cancellation.ThrowIfCancellationRequested();
            CheckTable(table, cancellation);
        }

        if (version.FindViolation() is { } violation)
        {
            _problems.Add(new VerificationProblem(PathOf(FileNames.Manifest(_versions.ManifestNumber)), 0, violation));
        }

        Twice(CheckManifest);
        foreach (var name in _files.List(_directory))
        {
            cancellation.ThrowIfCancellationRequested();
            if (FileNames.TryParse(name, out var kind, out var number) && kind == FileKind.Log && number >= _versions.LogNumber)
            {
                Twice(() => CheckLog(number));
            }
        }

        CheckOptions();
    }

    private void CheckTable(TableFile table, CancellationToken cancellation)
    {
        var keys = $"Keys of the table: {KeyText.Of(table.Info.SmallestKey)} to {KeyText.Of(table.Info.LargestKey)}.";
        Count(table.Info.FileBytes);
        try
        {
            table.Open().Verify((offset, description) => _problems.Add(new VerificationProblem(table.Path, offset, $"{description} {keys}")), cancellation);

            // The footer and the parts before it were read when the table was opened, which may be long ago.
            using var nothing = new BlockCache(0);
            using var again = Tables.Table.Open(_files.OpenRead(table.Path), _versions.StoreId, table.Number, nothing);
        }
        catch (CorruptionException error)
        {
            _problems.Add(new VerificationProblem(error.File, error.Offset, $"Expected {error.Expected}, found {error.Found}. {keys}"));
        }
        catch (IOException error)
        {
            _problems.Add(new VerificationProblem(table.Path, 0, $"The file cannot be read: {error.Message} {keys}"));
        }
    }

    private CorruptionException? CheckManifest()
    {
        try
        {
            var number = CurrentFile.Read(_files, _directory);
            using var nothing = new BlockCache(0);
            ManifestReader.Read(_files, _directory, number, nothing);
            Count(LengthOf(FileNames.Current));
            Count(LengthOf(FileNames.Manifest(number)));
            return null;
        }
        catch (CorruptionException error)
        {
            return error;
        }
    }

    private CorruptionException? CheckLog(ulong number)
    {
        try
        {
            using var log = LogReader.Open(_files, PathOf(FileNames.Log(number)), new LogIdentity(_versions.StoreId, number));
            while (log.TryRead(out var record))
            {
                if (record.Type != LogRecordType.Batch || !BatchReader.IsWellFormed(record.Payload, record.Count))
                {
                    return new CorruptionException(log.Path, record.Offset, "a record that holds a batch", $"one of type {record.Type} that holds none");
                }
            }

            if (log.End is LogEnd.Damaged damaged)
            {
                return new CorruptionException(log.Path, damaged.Offset, damaged.Expected, damaged.Found);
            }

            Count(log.FileBytes);
            return null;
        }
        catch (FileNotFoundException)
        {
            // Its entries have become a table meanwhile.
            return null;
        }
    }

    private void CheckOptions()
    {
        try
        {
            if (OptionsFile.Read(_files, _directory) is not null)
            {
                Count(LengthOf(FileNames.Options));
            }
        }
        catch (CorruptionException error)
        {
            _problems.Add(Describe(error));
        }
    }

    /// <summary>Tells of damage only when it is there at the second look, too.</summary>
    private void Twice(Func<CorruptionException?> check)
    {
        if (check() is not null && check() is { } damage)
        {
            _problems.Add(Describe(damage));
        }
    }

    private static VerificationProblem Describe(CorruptionException damage) => new(damage.File, damage.Offset, $"Expected {damage.Expected}, found {damage.Found}.");

    private void Count(long bytes)
    {
        _fileCount++;
        _byteCount += bytes;
    }

    private long LengthOf(string name)
    {
        try
        {
            using var file = _files.OpenRead(PathOf(name));
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
