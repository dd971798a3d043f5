using System.IO.Hashing;
using System.Text;
using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>What disks that faults have left read as. Many faults of one script leave the same bytes, and those are opened once.</summary>
/// <remarks>Opening is a function of the files: one thread, a seed for identities, and nothing that looks at a clock.</remarks>
internal sealed class FaultImages(LsmStoreOptions options)
{
    private const int MostCopies = 4; // that a script makes

    private readonly Dictionary<UInt128, FaultImage> _known = [];
    private readonly XxHash128 _hash = new();

    /// <summary>Images that were opened.</summary>
    public int Opened { get; private set; }

    /// <summary>Opens the store, reads and verifies it, writes to it and closes it, and reads the copies that were made of it; what they held.</summary>
    public FaultImage Read(SimFileSystem files)
    {
        var identity = IdentityOf(files.Names);
        if (!_known.TryGetValue(identity, out var image))
        {
            Opened++;
            image = new FaultImage(ReadAndWrite(files, ScriptWord.Store), ReadCopies(files));
            _known.Add(identity, image);
        }

        return image;
    }

    private int[] ReadAndWrite(SimFileSystem files, string directory)
    {
        files.Bounds = [directory];
        using var store = LsmStore.OpenOn(files, directory, null, options);
        var state = ImageHistory.Read(store, out _);
        if (!store.Verify().IsSound)
        {
            throw new FaultException($"{directory} does not verify: {string.Join(' ', state)}");
        }

        store.Put(ImageHistory.Key(0), ImageHistory.Value(1, 8));
        return state;
    }

    /// <summary>What the copies hold; null for one that says itself that it is unfinished, or of which nothing is there.</summary>
    private List<int[]?> ReadCopies(SimFileSystem files)
    {
        var copies = new List<int[]?>();
        while (copies.Count < MostCopies)
        {
            var directory = ImageHistory.CopyDirectory(copies.Count);
            files.Bounds = [directory];
            try
            {
                copies.Add(files.DirectoryExists(directory) && files.List(directory).Any(static name => name != FileNames.Lock) ? ReadAndWrite(files, directory) : null);
            }
            catch (StoreFormatException unfinished) when (unfinished.Message.Contains("no store yet", StringComparison.Ordinal))
            {
                copies.Add(null);
            }
        }

        return copies;
    }

    /// <summary>Every name with its file's bytes and length, and every directory.</summary>
    private UInt128 IdentityOf(SimNames names)
    {
        foreach (var directory in names.Directories.Order(StringComparer.Ordinal))
        {
            Append(directory, 0);
        }

        foreach (var (path, node) in names.Files.OrderBy(static file => file.Key, StringComparer.Ordinal))
        {
            Append(path, 1L + node.Length);
            _hash.Append(BitConverter.GetBytes(node.Written));
            _hash.Append(node.Content.AsSpan(0, node.Written));
        }

        var identity = _hash.GetCurrentHashAsUInt128();
        _hash.Reset();
        return identity;
    }

    private void Append(string text, long number)
    {
        _hash.Append(Encoding.UTF8.GetBytes(text));
        _hash.Append(BitConverter.GetBytes(number));
    }
}
