using System.Runtime.CompilerServices;
using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>Runs a script over a disk that refuses one operation, goes on as a program would, and looks at what is left.</summary>
/// <remarks>
/// What must hold, whatever was refused:
/// <list type="number">
/// <item>Only documented exceptions come out, and only after a refusal; never one that speaks of damage.</item>
/// <item>Every refusal is told to somebody, with its path and error number, but for those that <see cref="FaultReports"/> lists.</item>
/// <item>A write that was refused is not there; one in doubt is there entirely or not at all, and there is at most one until the store is opened again; every other
/// acknowledged write is there.</item>
/// <item>While the store has failed, reads go on, and no write is acknowledged; each is told the first cause.</item>
/// <item>Dispose returns, and leaves no handle open.</item>
/// <item>After the disk has been mended and the power has been cut, the store opens.</item>
/// <item>Copies that were reported complete are whole.</item>
/// <item>No path outside the store is touched, nor by a copy one that is neither the store's, nor the copy's, nor the backups'.</item>
/// </list>
/// </remarks>
internal sealed class FaultRun : IScriptTarget
{
    private static readonly string[] s_bounds = [ScriptWord.Store];

    private readonly FaultCase _case;
    private readonly LsmStoreOptions _options;
    private readonly FaultImages _images;
    private readonly SimFaultPlan _plan;
    private readonly SimFileSystem _files;
    private readonly FaultReports _reports;
    private readonly FaultStates _states = new();
    private readonly List<(Snapshot Snapshot, IReadOnlyList<int[]> States)> _snapshots = [];
    private readonly List<(IReadOnlyList<int[]> States, bool IsComplete)> _copies = [];
    private LsmStore? _store;
    private int _lastWordFrom;
    private int _commit;
    private int _looks;
    private bool _isInDoubt;
    private bool _losesUnflushed;

    private FaultRun(FaultCase fault, FaultImages images)
    {
        _case = fault;
        _images = images;
        _plan = new SimFaultPlan(fault.At, fault.Fault, fault.Sticky);
        _reports = new FaultReports(_plan);
        _options = ImageScripts.Options(fault.Set) with { Events = _reports };
        _files = new SimFileSystem { Faults = _plan, Bounds = s_bounds };
    }

    public int NextCommit => _commit + 1;

    /// <summary>What a store may hold that is opened again while the machine stays up.</summary>
    private IReadOnlyList<int[]> Reopened => _losesUnflushed || HaveReverted ? _states.AfterCut : _states.Present;

    private bool HaveReverted => _plan.Fired > 0 && _plan.AfterSync == AfterFailedSync.Reverted;

    private string? Failure => _plan.Fired > 0 ? _store?.GetStatistics().Failure : null;

    /// <summary>Runs one case. Returns whether the fault struck.</summary>
    /// <param name="fault">The case.</param>
    /// <param name="images">What the disks of the same script under the same options read as, as far as is known.</param>
    public static bool Run(FaultCase fault, FaultImages images)
    {
        var run = new FaultRun(fault, images);
        run.Run();
        return run._plan.Fired > 0;
    }

    public static FaultSurvey Survey(string script, string set, FaultImages images)
    {
        var run = new FaultRun(new FaultCase(script, set, long.MaxValue, SimFault.All[0], false), images);
        run.Run();
        return new FaultSurvey(run._plan.Seen, run._lastWordFrom);
    }

    public void Commit(Action<int[], int> change, Durability? asked, Action<LsmStore, int, Durability?> write)
    {
        var durability = _options.Durability == Durability.Off ? null : asked;
        var commit = ++_commit;
        Write(state => change(state, commit), (durability ?? _options.Durability) == Durability.Full, store => write(store, commit, durability));
    }

    public void Load(Action<int[], int> change, Action<LsmStore, int> write)
    {
        var commit = ++_commit;
        Write(state => change(state, commit), isDurable: true, store => write(store, commit), isLoad: true);
    }

    public void Insert(int key)
    {
        var commit = ++_commit;
        var isInserted = false;
        Write(
            state => state[key] = isInserted || state[key] == 0 ? commit : state[key],
            isDurable: _options.Durability == Durability.Full,
            store => isInserted = store.TryInsert(ImageHistory.Key(key), ImageHistory.Value(commit, 40)),
            () => isInserted);
    }

    public void Do(Action<LsmStore> action) => Try(() => action(_store!));

    public void Flush(Action<LsmStore> action)
    {
        if (Try(() => action(_store!)))
        {
            _states.MakeDurable();
        }
    }

    public void Copy(Action<LsmStore, SimFileSystem, string> copy)
    {
        var states = _states.Present.ToList();
        var directory = ImageHistory.CopyDirectory(_copies.Count);
        _files.Bounds = ScriptWord.BoundsOfCopy(directory);
        var isComplete = Try(() => copy(_store!, _files, directory));
        _files.Bounds = s_bounds;
        _copies.Add((states, isComplete));
        if (isComplete)
        {
            _states.MakeDurable();
        }
    }

    public void Verify()
    {
        VerificationReport? report = null;
        if (Try(() => report = _store!.Verify()) && !report!.IsSound)
        {
            var isHeard = _plan.Fired > 0;
            foreach (var problem in report.Problems)
            {
                isHeard &= _reports.Hear(problem.Description) || Failure is not null;
            }

            Require(isHeard, $"the store does not verify: {report.Problems[0]}");
        }
    }

    public void Reopen()
    {
        Close();
        Open();
    }

    public void Kill()
    {
        _reports.Hear(_store!.GetStatistics());
        _files.KillProcess();
        _snapshots.Clear();
        _store = null;
        _losesUnflushed = _options.Durability == Durability.Off;
        Open();
    }

    public void TakeSnapshot() => _snapshots.Add((_store!.CreateSnapshot(), _states.Present.ToList()));

    private void Run()
    {
        foreach (var word in ScriptWord.Split(_case.Script).Prepend("O"))
        {
            _lastWordFrom = _plan.Seen.Count;
            if (_store is null)
            {
                Open();
            }

            _plan.Phase = word[0];
            if (_store is not null && word != "O")
            {
                ScriptWord.Do(word, this);
            }

            CheckReads();
        }

        Close();
        _plan.IsArmed = false;
        CheckAfter(_files.Crash(keepsCache: false), _states.AfterCut, "after a power cut");
        CheckAfter(_files, Reopened, "after the disk was mended");
        Require(_reports.Unheard is null, $"nobody was told that {_reports.Unheard} was refused");
    }

    private void Open()
    {
        _plan.Phase = 'O';
        if (Try(() => _store = LsmStore.OpenOn(_files, ScriptWord.Store, null, _options)))
        {
            _isInDoubt = false;
            var seen = Read(null);
            Require(FaultStates.Contain(Reopened, seen), $"a reopened store has {string.Join(' ', seen)}, and may have {FaultStates.Show(Reopened)}");
            _states.Settle(Reopened, seen);
            _losesUnflushed = false;
        }
        else
        {
            Require(_files.OpenHandles == 0, $"{_files.OpenHandles} handles are left open by an opening that failed");
        }
    }

    private void Close()
    {
        if (_store is null)
        {
            return;
        }

        _plan.Phase = FaultReports.Closing;
        _snapshots.ForEach(static held => held.Snapshot.Dispose());
        _snapshots.Clear();
        _reports.Hear(_store.GetStatistics());
        _store.Dispose();
        _store = null;
        _losesUnflushed |= _options.Durability == Durability.Off && _reports.TakeLoss();
        Require(_files.OpenHandles == 0, $"{_files.OpenHandles} handles are left open by a closed store");
    }

    /// <summary>One commit, and what it may have left when it throws.</summary>
    private void Write(Action<int[]> change, bool isDurable, Action<LsmStore> write, Func<bool>? hasWritten = null, bool isLoad = false)
    {
        var failure = Failure;
        if (Try(() => write(_store!), out var error))
        {
            var isWritten = hasWritten is null || hasWritten();
            Require(failure is null || !isWritten, $"a failed store has taken a write");
            if (isWritten)
            {
                _states.Acknowledge(change);
            }

            if (isDurable && isWritten)
            {
                _states.MakeDurable(); // one order: what came before is durable, too
            }
        }
        else if (failure is not null)
        {
            Require(error is StoreFailedException { OutcomeUnknown: false } or StoreFullException || (error is IOException && (isLoad || IsOfTable(error))), $"a failed store answers a write with {error}");
            Require(error is not StoreFailedException || error.Message.Contains(failure, StringComparison.Ordinal), $"a failed store answers a write with {error!.Message}, and not with its first cause");
        }
        else if (error is not StoreFullException and not StoreFailedException { OutcomeUnknown: false } && Failure is not null)
        {
            Require(!_isInDoubt, $"a second write is in doubt");
            _isInDoubt = true;
            _states.Doubt(change);
        }
        else
        {
            Require(isLoad || error is StoreException or FileNotOpenedException || IsOfTable(error!), $"a write was refused, by a store that goes on, with {error}");
        }
    }

    /// <summary>Reading before writing (an insert, a transaction), or a flush that the writer had to do itself, for nobody does it in the background.</summary>
    private static bool IsOfTable(Exception error) => error is IOException && error.Message.Contains(".sst", StringComparison.Ordinal);

    private int[] Read(Snapshot? snapshot)
    {
        var seen = Enumerable.Repeat(-1, ImageHistory.KeyCount).ToArray();
        if (_looks++ % 2 == 0)
        {
            for (var key = 0; key < seen.Length; key++)
            {
                byte[]? bytes = null;
                if (Try(() => _store!.TryGet(ImageHistory.Key(key), out bytes, snapshot)))
                {
                    seen[key] = bytes is null ? 0 : BitConverter.ToInt32(bytes);
                }
            }
        }
        else
        {
            Try(() => seen = ImageHistory.Read(_store!, out _, snapshot));
        }

        return seen;
    }

    private void CheckReads()
    {
        if (_store is null)
        {
            return;
        }

        var seen = Read(null);
        Require(FaultStates.Contain(_states.Present, seen), $"the store reads as {string.Join(' ', seen)}, and may read as {FaultStates.Show(_states.Present)}");
        foreach (var (snapshot, states) in _snapshots)
        {
            seen = Read(snapshot);
            Require(FaultStates.Contain(states, seen), $"a snapshot reads as {string.Join(' ', seen)}, and may read as {FaultStates.Show(states)}");
        }
    }

    private void CheckAfter(SimFileSystem files, IReadOnlyList<int[]> expected, string when)
    {
        var image = _images.Read(files);
        Require(FaultStates.Contain(expected, image.State), $"{when}, the store has {string.Join(' ', image.State)}, and may have {FaultStates.Show(expected)}");
        for (var copy = 0; copy < _copies.Count; copy++)
        {
            var (states, isComplete) = _copies[copy];
            var state = image.Copies[copy];
            Require(state is null ? !isComplete : FaultStates.Contain(states, state), $"{when}, copy {copy} has {(state is null ? "nothing" : string.Join(' ', state))}, and should have {FaultStates.Show(states)}");
        }
    }

    private bool Try(Action action) => Try(action, out _);

    /// <summary>True when it succeeded. Only what the documentation names may come out of it, and only when something was refused.</summary>
    private bool Try(Action action, out Exception? error)
    {
        try
        {
            action();
            error = null;
            return true;
        }
        catch (Exception thrown) when (thrown is IOException or StoreException)
        {
            error = thrown;
            Require(_plan.Fired > 0, $"an error without a fault: {thrown}");
            Require(thrown is not CorruptionException, $"a refusal passes for damage: {thrown}");
            _reports.Hear(thrown);
            return false;
        }
    }

    private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] FaultStory otherwise)
    {
        if (!holds)
        {
            throw new FaultException($"{otherwise} (refused: {string.Join(", ", _plan.Refusals)}; {_plan.Fired} times; failure: {(_store is null ? "closed" : _store.GetStatistics().Failure ?? "none")})");
        }
    }
}
