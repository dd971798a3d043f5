using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>Bytes as a file.</summary>
internal sealed class OneReadFile(string path, byte[] bytes) : IReadFile
{
    public string Path => path;

    public long Length => bytes.Length;

    public int Read(long offset, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(bytes.Length - offset, 0, buffer.Length);
        bytes.AsSpan((int)Math.Min(offset, bytes.Length), count).CopyTo(buffer);
        return count;
    }

    public void Dispose()
    {
        // There is nothing to give back.
    }
}
