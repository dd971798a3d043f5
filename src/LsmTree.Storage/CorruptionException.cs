using System.Diagnostics.CodeAnalysis;

namespace LsmTree.Storage;

/// <summary>Bytes read back are not the bytes that were written. The message names the file, the offset and what to do next.</summary>
public sealed class CorruptionException : StoreException
{
    /// <summary>Describes damage found in <paramref name="file"/> at <paramref name="offset"/>.</summary>
    /// <param name="file">The path of the damaged file.</param>
    /// <param name="offset">Where the damaged record or block begins, in bytes from the start of the file.</param>
    /// <param name="expected">What should be there, in words.</param>
    /// <param name="found">What is there, in words.</param>
    public CorruptionException(string file, long offset, string expected, string found)
        : base($"{file} is damaged at offset {offset}: expected {expected}, found {found}. Nothing was changed; run `lsmtree verify` on the directory to see the extent, and restore the file or the whole directory from a checkpoint.")
    {
        File = file;
        Offset = offset;
        Expected = expected;
        Found = found;
    }

    /// <summary>The path of the damaged file.</summary>
    public string File { get; }

    /// <summary>Where the damaged record or block begins, in bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }

    /// <summary>What is there.</summary>
    public string Found { get; }

    [DoesNotReturn]
    internal static void Throw(string file, long offset, string expected, string found) =>
        throw new CorruptionException(file, offset, expected, found);
}
