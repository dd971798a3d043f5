using System.Buffers.Binary;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>What the store held after each commit of a script: the only states that a crash may leave.</summary>
internal sealed class ImageHistory
{
    public const int KeyCount = 12;

    /// <summary>Keys of the check itself, behind those of the scripts.</summary>
    public const int LaterKeyCount = 10;

    private readonly List<int[]> _states = [new int[KeyCount]];

    /// <summary>Commits so far; also the number of the last one.</summary>
    public int Last => _states.Count - 1;

    /// <summary>For each key the commit that gave it its value, or 0.</summary>
    public IReadOnlyList<int[]> States => _states;

    /// <summary>For each copy of the store, the commit after which it was made.</summary>
    public List<int> Copies { get; } = [];

    public static string CopyDirectory(int copy) => $"/copy-{copy}";

    public static byte[] Key(int key) => [(byte)'k', (byte)('a' + key)];

    public static byte[] LaterKey(int key) => [(byte)'z', (byte)('a' + key)];

    /// <summary>A value that tells which commit wrote it, and has it in every word.</summary>
    public static byte[] Value(int commit, int length)
    {
        var value = new byte[length];
        for (var i = 0; i + 4 <= length; i += 4)
        {
            BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(i), commit);
        }

        return value;
    }

    /// <summary>Opens the next state, a copy of the last, to be changed by the commit that is about to begin.</summary>
    public int[] Begin()
    {
        _states.Add((int[])_states[^1].Clone());
        return _states[^1];
    }

    /// <summary>Reads what a store holds; an entry that no script could have written is an error.</summary>
    /// <param name="store">The store.</param>
    /// <param name="later">Set to how many keys of the check are there.</param>
    /// <param name="snapshot">The moment to read; null for now.</param>
    public static int[] Read(LsmStore store, out int later, Snapshot? snapshot = null)
    {
        var state = new int[KeyCount];
        later = 0;
        using var cursor = store.CreateCursor(snapshot is null ? null : new CursorOptions { Snapshot = snapshot });
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            var key = cursor.Key;
            var value = cursor.Value;
            if (key is [(byte)'z', _])
            {
                later++;
                continue;
            }

            if (key.Length != 2 || key[0] != 'k' || key[1] - 'a' is < 0 or >= KeyCount || value.Length < 4)
            {
                throw new ImageException($"there is an entry that nobody wrote: {Convert.ToHexString(key)}");
            }

            var commit = BinaryPrimitives.ReadInt32LittleEndian(value);
            for (var i = 0; i + 4 <= value.Length; i += 4)
            {
                if (BinaryPrimitives.ReadInt32LittleEndian(value[i..]) != commit)
                {
                    throw new ImageException($"the value of commit {commit} has a foreign word at {i}");
                }
            }

            state[key[1] - 'a'] = commit;
        }

        return state;
    }

    /// <summary>The newest commit in [<paramref name="least"/>, <paramref name="most"/>] after which the store held this; otherwise the newest of all; -1 when it never did.</summary>
    public int Find(ReadOnlySpan<int> state, int least, int most)
    {
        for (var i = Math.Min(most, Last); i >= least; i--)
        {
            if (state.SequenceEqual(_states[i]))
            {
                return i;
            }
        }

        return _states.FindLastIndex(((int[])[.. state]).SequenceEqual);
    }
}
