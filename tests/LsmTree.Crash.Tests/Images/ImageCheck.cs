using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>Holds one crash image against the promise.</summary>
internal static class ImageCheck
{
    /// <summary>Opens what the crash left, and returns after which commit the store is.</summary>
    /// <remarks>
    /// The image must open, verify, and hold exactly one state of the history. Then ten more writes are acknowledged as durable, the power fails
    /// a second time, and all of it must still be there: so opening twice is the same, and recovery has not left half a job behind.
    /// </remarks>
    public static int Find(SimFileSystem image, ImageHistory history, LsmStoreOptions options, int least, int most)
    {
        var store = LsmStore.OpenOn(image, ImageScript.Directory, null, options);
        var opened = image.Journal!.Count;
        var state = ImageHistory.Read(store, out _);
        var found = history.Find(state, least, most);
        if (found < least || found > most)
        {
            throw new ImageException($"the store is as after commit {found}, and should be as after one from {least} to {most}: {string.Join(' ', state)}");
        }

        if (!store.Verify().IsSound)
        {
            throw new ImageException("the recovered store does not verify");
        }

        for (var i = 0; i < ImageHistory.LaterKeyCount; i++)
        {
            store.Put(ImageHistory.LaterKey(i), ImageHistory.Value(i + 1, 16), options.Durability == Durability.Off ? null : Durability.Full);
        }

        if (options.Durability == Durability.Off)
        {
            store.Flush();
        }

        var files = image.Crash(keepsCache: false);
        image.KillProcess();
        image.Journal.RemoveRange(opened, image.Journal.Count - opened); // what is left is the recovery itself
        using var again = LsmStore.OpenOn(files, ImageScript.Directory, null, options);
        if (!ImageHistory.Read(again, out var later).AsSpan().SequenceEqual(state) || later != ImageHistory.LaterKeyCount)
        {
            throw new ImageException($"after ten durable writes and a second crash the store has {later} of them, and of the first {string.Join(' ', ImageHistory.Read(again, out _))} instead of {string.Join(' ', state)}");
        }

        return found;
    }

    /// <summary>Opens what a crash during a recovery left; it must hold what the recovery would have given.</summary>
    public static void Same(SimFileSystem image, ReadOnlySpan<int> expected, LsmStoreOptions options)
    {
        using var store = LsmStore.OpenOn(image, ImageScript.Directory, null, options);
        var state = ImageHistory.Read(store, out _);
        if (!expected.SequenceEqual(state))
        {
            throw new ImageException($"after a crash in the recovery the store holds {string.Join(' ', state)}, and held {string.Join(' ', expected.ToArray())}");
        }
    }
}
