namespace LsmTree.Storage.Files;

/// <summary>A file open for positional reads by any number of threads.</summary>
internal interface IReadFile : IDisposable
{
    string Path { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    long Length { get; }

    /// <summary>
    /// Fills <paramref name="buffer"/> from <paramref name="offset"/>, looping over short reads; returns fewer bytes only at the end of the file.
    /// </summary>
    int Read(long offset, Span<byte> buffer);
}
