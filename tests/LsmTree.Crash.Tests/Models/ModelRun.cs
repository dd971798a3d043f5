using System.IO.Hashing;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models;

/// <summary>A store and its model, and what a history keeps open between its steps.</summary>
internal sealed class ModelRun : IDisposable
{
    private const int MostTables = 8; // on level 0; from there on writers would be slowed down, and nobody compacts but the steps
    private const int StepsBetweenLooks = 128;

    private readonly LsmStoreOptions _options;
    private readonly long[] _writtenAt = new long[ModelKeys.Count];
    private readonly byte[] _scratch = new byte[160_000];
    private long _serial;
    private int _directories;

    public ModelRun(LsmStoreOptions options)
    {
        _options = options;
        Files = new SimFileSystem();
        Store = LsmStore.OpenOn(Files, Directory, null, options);
    }

    public SimFileSystem Files { get; private set; }

    public string Directory { get; } = "/model";

    public LsmStore Store { get; private set; }

    public ModelState State { get; } = new();

    public List<(Snapshot Snapshot, ModelState State)> Snapshots { get; } = [];

    public List<OpenCursor> Cursors { get; } = [];

    public List<OpenTransaction> Transactions { get; } = [];

    /// <summary>The backups that there are, oldest first, and what each must restore to. They outlive every crash.</summary>
    public List<(long Id, ModelState State)> Backups { get; } = [];

    public LsmStoreOptions Options => _options;

    public bool KeepsLog => _options.Durability != Durability.Off;

    /// <summary>The number of the step that runs.</summary>
    public long Now { get; private set; }

    /// <summary>A digest of all that readers saw. The same for every set of options.</summary>
    public ulong Seen { get; private set; }

    public ReadOnlySpan<long> WrittenAt => _writtenAt;

    /// <summary>Runs the steps; an error names the step.</summary>
    public void Execute(ReadOnlySpan<Step> steps)
    {
        foreach (var step in steps)
        {
            Now++;
            var dice = new Dice(step.Seed);
            OperationKinds.All[step.Operation].Run(this, ref dice);
            if (Now % StepsBetweenLooks == 0 && _options.Background == BackgroundMode.Manual)
            {
                KeepRoom();
            }
        }

        Now++;
        Scans.Everything(this, null, State);
        Reopen(Files);
        Scans.Everything(this, null, State);
        Check(Store.Verify().IsSound, "the store that was reopened does not verify");
        Store.Dispose();
        Check(Files.OpenHandles == 0, $"{Files.OpenHandles} handles are left open");
    }

    public void See(long what) => Seen = (Seen ^ (ulong)what) * 0x9FB21C651E98DF25 + 1;

    /// <summary>Adds bytes that a reader was given, as they came from the store.</summary>
    public void See(ReadOnlySpan<byte> bytes) => See((long)XxHash3.HashToUInt64(bytes, bytes.Length));

    public void Check(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ModelException(otherwise);
        }
    }

    /// <summary>The number of a value that was never written before.</summary>
    public long NewNumber(ref Dice dice) => ModelValues.Draw(ref dice, ++_serial);

    public long NewSerial() => ++_serial;

    public ReadOnlySpan<byte> Bytes(long number) => ModelValues.Write(number, _scratch);

    public Span<byte> Scratch => _scratch;

    public void NotePut(int key, long number)
    {
        State.Put(key, number);
        _writtenAt[key] = Now;
    }

    public void NoteDelete(int key)
    {
        State.Delete(key);
        _writtenAt[key] = Now;
    }

    public void NoteDeleteRange(int from, int to)
    {
        State.DeleteRange(from, to);
        for (var key = from; key < to; key++)
        {
            _writtenAt[key] = Now;
        }
    }

    /// <summary>Compares what a read found with what it should have found.</summary>
    public void CheckValue(int key, long expected, bool found, ReadOnlySpan<byte> value)
    {
        See(found ? 1 : 0);
        See(value);
        if (found != (expected != 0) || (found && !ModelValues.Is(expected, value)))
        {
            throw new ModelException($"key {key} ({Convert.ToHexString(ModelKeys.Of(key).AsSpan(0, Math.Min(8, ModelKeys.Of(key).Length)))}) should have {ModelValues.Describe(expected)}, but reads {(found ? ModelValues.Describe(value) : "nothing")}");
        }
    }

    public string NewDirectory() => $"/copy-{_directories++}";

    /// <summary>Opens the store again, over the files that are given: those that it has, or what a crash left of them.</summary>
    public void Reopen(SimFileSystem files)
    {
        CloseReaders();
        var before = Store;
        var crashed = !ReferenceEquals(files, Files);
        if (!crashed)
        {
            before.Dispose();
            Check(Files.OpenHandles == 0, $"{Files.OpenHandles} handles are left open by the closed store");
        }

        Files = files;
        Store = LsmStore.OpenOn(files, Directory, null, _options);
        if (crashed)
        {
            before.Dispose(); // it writes to the files that were lost
        }
    }

    public void Dispose()
    {
        CloseReaders();
        Store.Dispose();
    }

    private void CloseReaders()
    {
        Cursors.ForEach(static open => open.Cursor.Dispose());
        Transactions.ForEach(static open => open.Transaction.Dispose());
        Snapshots.ForEach(static open => open.Snapshot.Dispose());
        Cursors.Clear();
        Transactions.Clear();
        Snapshots.Clear();
    }

    private void KeepRoom()
    {
        while (Store.GetLevels() is [{ Tables: >= MostTables }, ..] && Store.RunBackgroundStep())
        {
            // Until level 0 has room again, or nothing is left to do.
        }
    }
}
