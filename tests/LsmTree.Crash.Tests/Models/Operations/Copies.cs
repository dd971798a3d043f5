using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models.Operations;

/// <summary>Copies of the store in directories of their own.</summary>
internal static class Copies
{
    public const string Backups = "/backups";

    /// <summary>Opens a copy, compares all of it, and removes it: a long history makes many.</summary>
    public static void Check(ModelRun run, SimFileSystem files, string directory, ModelState state)
    {
        using (var copy = LsmStore.OpenOn(files, directory, null, run.Options with { Background = BackgroundMode.Manual }))
        {
            using var cursor = copy.CreateCursor();
            Scans.Whole(run, cursor, state);
            run.Check(copy.Verify().IsSound, $"the copy in {directory} does not verify");
        }

        foreach (var name in files.List(directory))
        {
            files.Delete(Path.Combine(directory, name));
        }
    }
}
