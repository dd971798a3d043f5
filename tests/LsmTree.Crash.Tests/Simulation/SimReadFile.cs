using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Simulation;

internal sealed class SimReadFile(SimFileSystem files, string path, SimNode node, long length) : IReadFile
{
    public string Path => path;

    public long Length => length;

    public int Read(long offset, Span<byte> buffer) => files.Read(this, node, offset, buffer);

    public void Dispose() => files.Close(this);
}
