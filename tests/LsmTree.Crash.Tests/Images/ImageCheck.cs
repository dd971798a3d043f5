using System.IO.Hashing;
using System.Text;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;
using LsmTree.Storage.Files;

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
        image.Bounds = [ScriptWord.Store];
        var store = LsmStore.OpenOn(image, ScriptWord.Store, null, options);
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
        store.Abandon();
        image.Journal.RemoveRange(opened, image.Journal.Count - opened); // what is left is the recovery itself
        using var again = LsmStore.OpenOn(files, ScriptWord.Store, null, options);
        if (!ImageHistory.Read(again, out var later).AsSpan().SequenceEqual(state) || later != ImageHistory.LaterKeyCount)
        {
            throw new ImageException($"after ten durable writes and a second crash the store has {later} of them, and of the first {string.Join(' ', ImageHistory.Read(again, out _))} instead of {string.Join(' ', state)}");
        }

        return found;
    }

    /// <summary>Opens the copies of the store that the crash left: those that were complete are exactly what the store was, and the others that or, by their own word, unfinished.</summary>
    /// <param name="image">What the crash left.</param>
    /// <param name="history">What the store was when each copy was begun.</param>
    /// <param name="options">How the copies are opened.</param>
    /// <param name="complete">So many copies were complete.</param>
    /// <param name="known">Copies that were opened before, by their contents: most images differ elsewhere.</param>
    /// <returns>How many copies were opened.</returns>
    public static int Copies(SimFileSystem image, ImageHistory history, LsmStoreOptions options, int complete, HashSet<UInt128> known)
    {
        var opened = 0;
        for (var copy = 0; copy < history.Copies.Count; copy++)
        {
            var directory = ImageHistory.CopyDirectory(copy);
            var isComplete = copy < complete;
            image.Bounds = [directory];
            if (!isComplete && (!image.DirectoryExists(directory) || !image.List(directory).Any(static name => name != FileNames.Lock)))
            {
                continue; // nothing of it is there: opening would make an empty store
            }

            if (!known.Add(Identity(image.Names, directory, isComplete)))
            {
                continue;
            }

            try
            {
                using var store = LsmStore.OpenOn(image, directory, null, options);
                var (state, expected) = (ImageHistory.Read(store, out _), history.States[history.Copies[copy]]);
                if (!state.AsSpan().SequenceEqual(expected) || !store.Verify().IsSound)
                {
                    throw new ImageException($"copy {copy} holds {string.Join(' ', state)}, and should hold {string.Join(' ', expected)}, and verify");
                }

                opened++;
            }
            catch (StoreFormatException unfinished) when (!isComplete && unfinished.Message.Contains("no store yet", StringComparison.Ordinal))
            {
                // It says so itself.
            }
        }

        return opened;
    }

    private static UInt128 Identity(SimNames names, string directory, bool isComplete)
    {
        var hash = new XxHash128(isComplete ? 1 : 0);
        foreach (var (path, node) in names.Files.Where(file => SimNames.Parent(file.Key) == directory).OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes($"{path}:{node.Length}:{node.Written}:"));
            hash.Append(node.Content.AsSpan(0, node.Written));
        }

        return hash.GetCurrentHashAsUInt128();
    }
}
