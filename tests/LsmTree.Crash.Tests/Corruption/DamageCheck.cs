using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>Reads everything of a damaged store: the same data, or an error that says where the damage is.</summary>
internal static class DamageCheck
{
    // A store of a few KiB has no reason to take more.
    private const long MostBytes = 64 << 20;

    /// <param name="fixture">What was damaged.</param>
    /// <param name="disk">The damaged files.</param>
    /// <param name="mode">How to open them.</param>
    /// <param name="least">The last commit that must be there.</param>
    /// <summary>Returns whether the damage was noticed; false when every read gave what was written.</summary>
    public static bool IsNoticed(Fixture fixture, SimFileSystem disk, OpenMode mode, int least)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var noticed = Read(fixture, disk, mode, least);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        return taken <= MostBytes ? noticed : throw new DamageException($"reading a damaged store took {taken:N0} bytes of memory");
    }

    private static bool Read(Fixture fixture, SimFileSystem disk, OpenMode mode, int least)
    {
        var noticed = false;
        LsmStore store;
        try
        {
            store = LsmStore.OpenOn(disk, ScriptWord.Store, null, fixture.Options with { Mode = mode });
        }
        catch (StoreException error)
        {
            RequirePlace(error);
            return disk.OpenHandles == 0 ? true : throw new DamageException($"{disk.OpenHandles} handles are left open by an opening that was refused");
        }

        using (store)
        {
            int[]? state = null;
            Try(() => state = ImageHistory.Read(store, out _));
            var found = state is null ? -1 : fixture.History.Find(state, least, fixture.History.Last);
            if (state is not null && (found < least || found > fixture.History.Last))
            {
                throw new DamageException($"a scan reads {string.Join(' ', state)}, which the store never held after commit {least}");
            }

            for (var key = 0; key < ImageHistory.KeyCount; key++)
            {
                var value = 0;
                if (Try(() => value = store.TryGet(ImageHistory.Key(key), out byte[]? bytes) ? BitConverter.ToInt32(bytes) : 0))
                {
                    Require(fixture, least, key, value, state);
                }
            }

            Try(() => noticed |= !store.Verify().IsSound);
        }

        return noticed;

        bool Try(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (CorruptionException error)
            {
                RequirePlace(error);
                noticed = true;
                return false;
            }
        }
    }

    private static void Require(Fixture fixture, int least, int key, int value, int[]? state)
    {
        var isRight = state is not null ? state[key] == value : fixture.History.States.Skip(least).Any(then => then[key] == value);
        if (!isRight)
        {
            throw new DamageException($"key {key} reads as commit {value} left it, which is wrong");
        }
    }

    private static void RequirePlace(StoreException error)
    {
        var isTold = error switch
        {
            CorruptionException damage => damage.File.StartsWith(ScriptWord.Store + "/", StringComparison.Ordinal) && damage.Offset >= 0 && damage.Message.Contains(damage.File, StringComparison.Ordinal),
            StoreFormatException => error.Message.Contains(ScriptWord.Store, StringComparison.Ordinal),
            _ => false,
        };
        if (!isTold)
        {
            throw new DamageException("the error does not say where the damage is", error);
        }
    }
}
