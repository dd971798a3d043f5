using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;

namespace LsmTree.Storage.Versions;

/// <summary>The current version of a store and the manifest that makes its steps durable.</summary>
/// <remarks>
/// <para>A step: the edit is checked against the version, recorded in the manifest, synced; only then does the new version become
/// <see cref="Current"/>. So whatever a reader has seen in a version is found again after a crash. The files that an edit adds, and the
/// directory, must have been synced by whoever made them, before <see cref="Apply"/>.</para>
/// <para>When recording fails, nobody can know whether the edit will be found after a crash. The version stays as it was, and nothing may
/// be deleted, neither what the edit removes nor what it adds (<see cref="MayDeleteFiles"/> says so). The next step does not touch the manifest in
/// doubt: it begins a new one with a snapshot of everything and puts it in force, which settles the doubt. When that fails as well, the error
/// is final: every later step throws it. No space for the edit or for the new manifest, or no file to be had for it, is the exception, for
/// nothing is in doubt that was not before: the next step tries again. An fsync that finds no space is none: the edit is written by then.</para>
/// <para>A recovered manifest is never appended to: its end may be torn, or may never have reached the disk. The first step after
/// <see cref="Recover"/> begins a new one, and until then nothing may be deleted.</para>
/// </remarks>
internal sealed class VersionSet : IDisposable
{
    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly BlockCache _cache;
    private readonly ManifestSettings _settings;

    // Serialises steps and covers their I/O. Readers never take it: they look at the published fields below.
    private readonly Lock _applyGate = new();

    // Published by Apply, read by anybody.
    private Version _current;
    private ulong _logNumber;
    private ulong _lastSequence;
    private ulong _manifestNumber;
    private uint _format;
    private Manifest? _manifest; // null: the next step begins a new one

    // Guarded by _applyGate.
    private Exception? _finalFailure;
    private bool _isDisposed;

    private VersionSet(IFileSystem files, string directory, BlockCache cache, ManifestSettings settings, ManifestState state, FileNumbers numbers)
    {
        _files = files;
        _directory = directory;
        _cache = cache;
        _settings = settings;
        StoreId = state.StoreId;
        Numbers = numbers;
        _current = state.Version;
        _logNumber = state.LogNumber;
        _lastSequence = state.LastSequence;
        _format = state.Format;
    }

    /// <summary>The identity of the store, drawn when it was created.</summary>
    public ulong StoreId { get; }

    public FileNumbers Numbers { get; }

    public Version Current => Volatile.Read(ref _current);

    /// <summary>Logs with lower numbers are obsolete.</summary>
    public ulong LogNumber => Volatile.Read(ref _logNumber);

    /// <summary>No table holds a higher sequence number. The logs may.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastSequence);

    /// <summary>The format that the store's files need; see <see cref="StoreFormat"/>. Never shrinks.</summary>
    public uint Format => Volatile.Read(ref _format);

    /// <summary>The manifest in force; 0 before the first step.</summary>
    public ulong ManifestNumber => Volatile.Read(ref _manifestNumber);

    /// <summary>True while what is <see cref="Current"/> is known to be what a crash would leave. Otherwise no file may be deleted.</summary>
    public bool MayDeleteFiles => Volatile.Read(ref _manifest) is not null;

    /// <summary>Whether <paramref name="directory"/> has a store. False when one may be created there: it is empty, or holds only other people's files.</summary>
    /// <exception cref="StoreFormatException">It has tables or logs of a store, but nothing that says which of them count; or a restore, checkpoint or repair to it was cut short.</exception>
    public static bool Exists(IFileSystem files, string directory)
    {
        if (!files.DirectoryExists(directory))
        {
            return false;
        }

        var names = files.List(directory);
        if (names.Contains(FileNames.Current))
        {
            return true;
        }

        if (names.Contains(FileNames.Restoring))
        {
            throw new StoreFormatException($"{directory} has no store yet: a restore to it was cut short, or a checkpoint or repair. Run that again; it begins anew by itself.");
        }

        // A manifest alone is what a crash during creation leaves: nothing was ever stored.
        foreach (var name in names)
        {
            if (FileNames.TryParse(name, out var kind, out _) && kind is FileKind.Table or FileKind.Log)
            {
                throw new StoreFormatException(
                    $"{directory} holds {name} but no file {FileNames.Current}: it is a store that lost the file which says what belongs to it. "
                    + $"No new store is created over it. Restore {FileNames.Current}, or the whole directory, from a checkpoint.");
            }
        }

        return false;
    }

    /// <summary>Creates an empty store in an existing directory, durably: its files, their names, and the name of the directory.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory; locked by the caller, and without a store (<see cref="Exists"/>).</param>
    /// <param name="storeId">The identity of the new store.</param>
    /// <param name="cache">The block cache of its tables.</param>
    /// <param name="settings">When the manifest rolls; null for the default.</param>
    /// <param name="first">What the store holds from the start (a copy of another); null for nothing.</param>
    public static VersionSet Create(IFileSystem files, string directory, ulong storeId, BlockCache cache, ManifestSettings? settings = null, VersionEdit? first = null)
    {
        // A copy puts its tables there before it says that they count; nobody else has a reason to find any.
        if (first is null ? Exists(files, directory) : files.FileExists(Path.Combine(directory, FileNames.Current)))
        {
            throw new InvalidOperationException($"{directory} already has a store.");
        }

        ParentDirectory.Sync(files, directory);
        var numbers = new FileNumbers(Math.Max(FirstFreeNumber(files.List(directory), directory), first?.NextFileNumber ?? 0));
        var set = new VersionSet(
            files, directory, cache, settings ?? ManifestSettings.Default, new ManifestState(storeId, 0, 1, 0, StoreFormat.Base, Version.Empty), numbers);
        set.Apply(first ?? new VersionEdit());
        return set;
    }

    /// <summary>Reads the version of an existing store. Writes nothing; the first <see cref="Apply"/> does.</summary>
    /// <exception cref="CorruptionException">CURRENT or the manifest is damaged, or a table that they name is missing.</exception>
    /// <exception cref="StoreFormatException">The store was written in a newer format, or the directory has none.</exception>
    public static VersionSet Recover(IFileSystem files, string directory, BlockCache cache, ManifestSettings? settings = null)
    {
        if (!Exists(files, directory))
        {
            throw new StoreFormatException($"{directory} has no store: there is no file {FileNames.Current}.");
        }

        var manifestNumber = CurrentFile.Read(files, directory);
        var state = ManifestReader.Read(files, directory, manifestNumber, cache);
        var names = files.List(directory);
        RequireTables(directory, manifestNumber, state.Version, names);
        var next = Math.Max(state.NextFileNumber, FirstFreeNumber(names, directory));
        return new VersionSet(files, directory, cache, settings ?? ManifestSettings.Default, state, new FileNumbers(next))
        {
            _manifestNumber = manifestNumber,
        };
    }

    /// <summary>Makes one step durable, then current. The set fills in next file number and last sequence number by itself.</summary>
    /// <returns>The version after the step, which is <see cref="Current"/>.</returns>
    /// <exception cref="InvalidOperationException">The edit does not fit the current version, or the result breaks its invariants. Nothing was written.</exception>
    /// <exception cref="StoreFullException">The disk is full; the step is not made, and will not be found after a crash.</exception>
    /// <exception cref="FileNotOpenedException">There is no file for a new manifest; as above.</exception>
    /// <exception cref="IOException">Any other error: the step is in doubt; see the type on what follows.</exception>
    /// <exception cref="StoreFailedException">An earlier error was final.</exception>
    public Version Apply(VersionEdit edit)
    {
        lock (_applyGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_finalFailure is not null)
            {
                throw new StoreFailedException($"The manifest of {_directory} cannot be written any more; reopen the store.", _finalFailure);
            }

            var next = Step(edit);
            var logNumber = Math.Max(_logNumber, edit.LogNumber ?? 0);
            var format = Math.Max(_format, StoreFormat.NeededBy(edit));
            var lastSequence = edit.Added.Aggregate(Math.Max(_lastSequence, edit.LastSequence ?? 0), static (last, added) => Math.Max(last, added.Info.LargestSequence));
            if (_manifest is null || _manifest.IsOversized(_settings))
            {
                BeginManifestLocked(next, format, logNumber, lastSequence);
            }
            else
            {
                AppendLocked(_manifest, edit with { FormatVersion = format == _format ? null : format, LogNumber = logNumber, LastSequence = lastSequence, NextFileNumber = Numbers.Upcoming });
            }

            Volatile.Write(ref _format, format);
            Volatile.Write(ref _lastSequence, lastSequence);
            Volatile.Write(ref _logNumber, logNumber);
            Volatile.Write(ref _current, next);
            return next;
        }
    }

    /// <summary>Closes the manifest as a crash would leave it. Tables stay open: they belong to whoever still reads them.</summary>
    public void Dispose()
    {
        lock (_applyGate)
        {
            _isDisposed = true;
            _manifest?.Dispose();
            Volatile.Write(ref _manifest, null);
        }
    }

    private Version Step(VersionEdit edit)
    {
        var builder = new VersionBuilder(_current, info => new TableFile(_files, _directory, StoreId, _cache, info));
        if (!builder.TryApply(edit, out var problem))
        {
            throw new InvalidOperationException($"The edit does not fit the current version: {problem}.");
        }

        var next = builder.Build();
        next.Validate();
        return next;
    }

    private void AppendLocked(Manifest manifest, VersionEdit edit)
    {
        var isUsable = false;
        try
        {
            manifest.Append(edit);
            isUsable = manifest.TrySeal();
        }
        finally
        {
            if (!isUsable)
            {
                // The next step begins a new manifest. Until then the edit is in doubt; or it is safe, and only its seal is not.
                Volatile.Write(ref _manifest, null);
                manifest.Dispose();
            }
        }
    }

    private void BeginManifestLocked(Version next, uint format, ulong logNumber, ulong lastSequence)
    {
        var old = _manifest;
        Volatile.Write(ref _manifest, null);
        old?.Dispose();
        Manifest? fresh = null;
        var isInForce = false;
        try
        {
            var number = Numbers.Next();
            fresh = Manifest.Create(_files, _directory, StoreId, number, Snapshot(next, format, logNumber, lastSequence));
            CurrentFile.Prepare(_files, _directory, number);
            _files.SyncDirectory(_directory);
            CurrentFile.Switch(_files, _directory);
            isInForce = true;
            Volatile.Write(ref _manifestNumber, number);
            Volatile.Write(ref _manifest, fresh);
        }
        catch (IOException cause) when (cause is not FileNotOpenedException)
        {
            _finalFailure = cause;
            throw;
        }
        finally
        {
            if (!isInForce)
            {
                fresh?.Dispose();
            }
        }
    }

    private VersionEdit Snapshot(Version version, uint format, ulong logNumber, ulong lastSequence)
    {
        var tables = new List<AddedTable>(version.TableCount);
        for (var level = 0; level < Version.LevelCount; level++)
        {
            foreach (var table in version.Level(level))
            {
                tables.Add(new AddedTable(level, table.Info));
            }
        }

        return new VersionEdit
        {
            FormatVersion = format,
            StoreId = StoreId,
            LogNumber = logNumber,
            NextFileNumber = Numbers.Upcoming,
            LastSequence = lastSequence,
            Added = tables,
        };
    }

    private static void RequireTables(string directory, ulong manifestNumber, Version version, IReadOnlyList<string> names)
    {
        var present = names.ToHashSet(StringComparer.Ordinal);
        foreach (var table in version.Tables)
        {
            var name = FileNames.Table(table.Number);
            if (!present.Contains(name))
            {
                CorruptionException.Throw(
                    Path.Combine(directory, name), 0, $"the {table.Info} that {FileNames.Manifest(manifestNumber)} names", "no such file");
            }
        }
    }

    private static ulong FirstFreeNumber(IReadOnlyList<string> names, string directory)
    {
        ulong highest = 0;
        foreach (var name in names)
        {
            if (!FileNames.TryParse(name, out _, out var number))
            {
                continue;
            }

            if (number >= FileNumbers.MaxNumber)
            {
                throw new StoreFormatException($"{directory} holds {name}: no store gives a file such a number. Move the file elsewhere.");
            }

            highest = Math.Max(highest, number);
        }

        return highest + 1;
    }
}
