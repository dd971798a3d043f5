using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;

namespace LsmTree.Storage.Versions;

/// <summary>The file MANIFEST-NNNNNN being written: a log of edits, the first of which builds the whole version from nothing.</summary>
/// <remarks>
/// Every edit is synced before the next is appended, so at most the last record can be torn. After an exception from <see cref="Append"/> it
/// is unknown whether the edit will be found after a crash; the object must not be used again but for <see cref="Dispose"/>.
/// </remarks>
internal sealed class Manifest : IDisposable
{
    private readonly LogWriter _log;
    private readonly ByteBuffer _buffer = new();
    private long _snapshotBytes;
    private ulong _editCount;

    private Manifest(ulong number, LogWriter log)
    {
        Number = number;
        _log = log;
    }

    public ulong Number { get; }

    /// <summary>
    /// Writes a new manifest that begins with <paramref name="snapshot"/>, and syncs it. Its name is not durable yet, and it is not in force:
    /// see <see cref="CurrentFile"/>.
    /// </summary>
    public static Manifest Create(IFileSystem files, string directory, ulong storeId, ulong number, VersionEdit snapshot)
    {
        var path = Path.Combine(directory, FileNames.Manifest(number));
        var manifest = new Manifest(number, LogWriter.Create(files, path, new LogIdentity(storeId, number), new AppendSettings(Mapped: false)));
        var isWritten = false;
        try
        {
            manifest._log.Begin(default);
            manifest.Append(snapshot);
            manifest._snapshotBytes = manifest._log.Position;
            isWritten = true;
            return manifest;
        }
        finally
        {
            if (!isWritten)
            {
                manifest.Dispose();
            }
        }
    }

    /// <summary>Appends the edit and syncs the file.</summary>
    public void Append(VersionEdit edit)
    {
        _buffer.Clear();
        VersionEditFormat.Encode(edit, _buffer);
        // Edits have no sequence numbers of the store; their own order takes the place, so that a missing one would be noticed.
        _log.Append(LogRecordType.Edit, ++_editCount, 1, _buffer.Written);
        _log.Sync();
    }

    /// <summary>True when a snapshot in a new file would be much shorter.</summary>
    public bool IsOversized(ManifestSettings settings) =>
        _log.Position > settings.RollBytes && _log.Position > _snapshotBytes * settings.RollFactor;

    /// <summary>Marks the end, so that a later loss of the last edits is recognised.</summary>
    public void Close() => _log.Close();

    public void Dispose()
    {
        _log.Dispose();
        _buffer.Dispose();
    }
}
