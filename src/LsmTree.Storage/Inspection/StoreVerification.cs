using LsmTree.Storage.Versions;

namespace LsmTree.Storage.Inspection;

/// <summary>Reads every byte of every table of a version.</summary>
internal static class StoreVerification
{
    public static VerificationReport Run(Versions.Version version, CancellationToken cancellation)
    {
        var problems = new List<VerificationProblem>();
        var files = 0;
        long bytes = 0;
        foreach (var file in version.Tables)
        {
            cancellation.ThrowIfCancellationRequested();
            files++;
            bytes += file.Info.FileBytes;
            Check(file, problems);
        }

        if (version.FindViolation() is { } violation)
        {
            problems.Add(new VerificationProblem("MANIFEST", 0, violation));
        }

        return new VerificationReport(files, bytes, problems);
    }

    private static void Check(TableFile file, List<VerificationProblem> problems)
    {
        try
        {
            file.Open().Verify((offset, description) => problems.Add(new VerificationProblem(file.Path, offset, $"{description} Keys of the table: {KeyText.Of(file.Info.SmallestKey)} to {KeyText.Of(file.Info.LargestKey)}.")));
        }
        catch (CorruptionException error)
        {
            problems.Add(new VerificationProblem(error.File, error.Offset, $"Expected {error.Expected}, found {error.Found}. Keys of the table: {KeyText.Of(file.Info.SmallestKey)} to {KeyText.Of(file.Info.LargestKey)}."));
        }
        catch (IOException error)
        {
            problems.Add(new VerificationProblem(file.Path, 0, $"The file cannot be read: {error.Message}"));
        }
    }
}
