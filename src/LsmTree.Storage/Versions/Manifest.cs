using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;

namespace LsmTree.Storage.Versions;

/// <summary>The file MANIFEST-NNNNNN being written: a log of edits, the first of which builds the whole version from nothing.</summary>
/// <remarks>
/// <para>Every edit is synced before the next is appended, so at most the last record can be torn. After an exception from <see cref="Append"/> the object
/// must not be used again but for <see cref="Dispose"/>.</para>
/// <para>A record tells what was durable before it. So behind the last edit stands a seal, an empty edit that nobody waits for: with it, a last edit
/// that has rotted on the disk cannot pass for one that never got there. A seal that is torn, or missing, is no loss.</para>
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
    /// <exception cref="StoreFullException">There is no space for the edit; it will not be found.</exception>
    /// <exception cref="IOException">Anything else: the edit is in doubt.</exception>
    public void Append(VersionEdit edit)
    {
        _buffer.Clear();
        VersionEditFormat.Encode(edit, _buffer);
        AppendRecord(_buffer.Written);
        try
        {
            _log.Sync();
        }
        catch (StoreFullException error) when (_snapshotBytes > 0)
        {
            // The record is there to be found: nothing was refused. (Not so the snapshot of a manifest that is not in force.)
            throw new IOException(error.Message, error);
        }
    }

    /// <summary>Appends a seal. False when that failed: every edit is safe, but the file must not be used again.</summary>
    public bool TrySeal()
    {
        try
        {
            AppendRecord([]);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (StoreFullException)
        {
            return false;
        }
    }

    /// <summary>True when a snapshot in a new file would be much shorter.</summary>
    public bool IsOversized(ManifestSettings settings) =>
        _log.Position > settings.RollBytes && _log.Position > _snapshotBytes * settings.RollFactor;

    public void Dispose()
    {
        _log.Dispose();
        _buffer.Dispose();
    }

    /// <summary>Edits have no sequence numbers of the store; their own order takes the place.</summary>
    private void AppendRecord(ReadOnlySpan<byte> payload) => _log.Append(LogRecordType.Edit, ++_editCount, 1, payload);
}
