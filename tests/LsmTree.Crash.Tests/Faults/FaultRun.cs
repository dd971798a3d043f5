using System.Runtime.CompilerServices;
using LsmTree.Crash.Tests.Images;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>Runs a script over a disk that refuses one operation, goes on as a program would, and looks at what is left.</summary>
/// <remarks>
/// What must hold, whatever was refused:
/// <list type="number">
/// <item>Only documented exceptions come out, and the one that reports a refusal names it.</item>
/// <item>A refusal that nobody was told of changed nothing that was promised.</item>
/// <item>A write that threw is there entirely or not at all after a reopen; every other acknowledged write is there.</item>
/// <item>While the store has failed, reads go on, and no write is acknowledged.</item>
/// <item>Dispose returns, and leaves no handle open.</item>
/// <item>After the disk has been mended and the power has been cut, the store opens.</item>
/// </list>
/// </remarks>
internal sealed class FaultRun
{
    private readonly FaultCase _case;
    private readonly LsmStoreOptions _options;
    private readonly FaultImages _images;
    private readonly SimFaultPlan _plan;
    private readonly SimFileSystem _files;

    // For each key the values that it may have: the last acknowledged, and those of later writes that threw.
    private readonly List<int>[] _possible = [.. Enumerable.Range(0, ImageHistory.KeyCount).Select(static _ => new List<int> { 0 })];
    private readonly List<int>[] _promised = [.. Enumerable.Range(0, ImageHistory.KeyCount).Select(static _ => new List<int> { 0 })];
    private LsmStore? _store;
    private int _lastWordFrom;
    private int _commit;
    private int _copies;

    private FaultRun(FaultCase fault, FaultImages images)
    {
        _case = fault;
        _images = images;
        _options = ImageScripts.Options(fault.Set);
        _plan = new SimFaultPlan(fault.At, fault.Fault, fault.Sticky);
        _files = new SimFileSystem { Faults = _plan };
    }

    /// <summary>What a reopened store may hold. Without a log that is what a flush has saved, or anything written since: closing flushes, if the disk lets it.</summary>
    private List<int>[] Reopened => _options.Durability == Durability.Off ? _promised : _possible;

    private bool IsFailed => _store?.GetStatistics().Failure is not null;

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

    private void Run()
    {
        foreach (var word in _case.Script.Split(' ', StringSplitOptions.RemoveEmptyEntries).Prepend("O"))
        {
            _lastWordFrom = _plan.Seen.Count;
            if (_store is null)
            {
                Open();
            }

            if (_store is not null)
            {
                Do(word);
            }

            CheckReads();
        }

        Close();
        _plan.IsArmed = false;
        CheckAfter(_files.Crash(keepsCache: false), _promised, "after a power cut");
        CheckAfter(_files, Reopened, "after the disk was mended");
    }

    private void Do(string word)
    {
        var key = word.Length > 1 ? word[1] - '0' : 0;
        switch (word[0])
        {
            case 'p' or 'i':
                Write(null, batch => Put(batch, key, 24));
                break;
            case 'P':
                Write(null, batch => Put(batch, key, 20_000));
                break;
            case 'f':
                Write(Durability.Full, batch => Put(batch, key, 24));
                break;
            case 'd':
                Write(null, batch => Delete(batch, key));
                break;
            case 'r':
                Write(null, batch => DeleteRange(batch, key, Math.Min(ImageHistory.KeyCount - 1, key + 4)));
                break;
            case 'b' or 'B' or 't':
                Write(word[0] == 'B' ? Durability.Full : null, batch => [.. Put(batch, (_commit * 5) % 9, 24), .. Put(batch, (_commit * 5 % 9) + 1, 300), .. Delete(batch, (_commit * 5 % 9) + 2)]);
                break;
            case 'm':
                for (var i = 0; i < 12; i++)
                {
                    Write(null, batch => Put(batch, i, 6_000));
                }

                break;
            case 'F' when Try(() => _store!.Flush()):
                PromiseAll();
                break;
            case 'C' when Try(() => _store!.Compact()):
                PromiseAll();
                break;
            case 'S':
                Try(() => _store!.RunBackgroundStep());
                break;
            case 'X':
                Try(() => _store!.CheckpointTo($"/copy-{_copies++}"));
                break;
            case 'R' or 'K':
                Close();
                Open();

                break;
        }
    }

    private void Open()
    {
        if (Try(() => _store = LsmStore.OpenOn(_files, ImageScript.Directory, null, _options)))
        {
            Settle();
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

        _store.Dispose();
        _store = null;
        Require(_files.OpenHandles == 0, $"{_files.OpenHandles} handles are left open by a closed store");
    }

    /// <summary>One batch, and what it may have left when it throws.</summary>
    private void Write(Durability? asked, Func<WriteBatch, (int Key, int Value)[]> fill)
    {
        _commit++;
        var batch = new WriteBatch();
        var changes = fill(batch);
        var wasFailed = _plan.Fired > 0 && IsFailed;
        var durability = _options.Durability == Durability.Off ? null : asked;
        var isAcknowledged = Try(() => _store!.Write(batch, durability));
        Require(!isAcknowledged || !wasFailed, $"a failed store has taken a write");
        var isDurable = isAcknowledged && (durability ?? _options.Durability) == Durability.Full;
        foreach (var (key, value) in changes)
        {
            Note(_possible[key], value, isAcknowledged);
            Note(_promised[key], value, isDurable);
        }

        if (isDurable)
        {
            PromiseAll(); // one order: what came before is durable, too
        }
    }

    private static void Note(List<int> values, int value, bool replaces)
    {
        if (replaces)
        {
            values.Clear();
        }

        values.Add(value);
    }

    /// <summary>Everything acknowledged is durable now.</summary>
    private void PromiseAll()
    {
        for (var key = 0; key < _possible.Length; key++)
        {
            _promised[key].Clear();
            _promised[key].AddRange(_possible[key]);
        }
    }

    /// <summary>A store that was reopened says which of the writes in doubt are there.</summary>
    private void Settle()
    {
        for (var key = 0; key < _possible.Length; key++)
        {
            if (TryRead(_store!, key, out var value))
            {
                Require(Reopened[key].Contains(value), $"key {key} has the value of commit {value} after a reopen, and may have {string.Join(", ", Reopened[key])}");
                Note(_possible[key], value, replaces: true);
            }
        }

        PromiseAll();
    }

    private void CheckReads()
    {
        for (var key = 0; _store is not null && key < _possible.Length; key++)
        {
            if (TryRead(_store, key, out var value))
            {
                Require(_possible[key].Contains(value), $"key {key} reads as commit {value} left it, and may be as {string.Join(", ", _possible[key])} did");
            }
        }
    }

    private void CheckAfter(SimFileSystem files, List<int>[] expected, string when)
    {
        var state = _images.Read(files);
        for (var key = 0; key < state.Length; key++)
        {
            Require(expected[key].Contains(state[key]), $"{when}, key {key} is as commit {state[key]} left it, and may be as {string.Join(", ", expected[key])} did");
        }
    }

    private bool TryRead(LsmStore store, int key, out int value)
    {
        value = 0;
        byte[]? bytes = null;
        if (!Try(() => store.TryGet(ImageHistory.Key(key), out bytes)))
        {
            return false;
        }

        value = bytes is null ? 0 : BitConverter.ToInt32(bytes);
        return true;
    }

    /// <summary>True when it succeeded. Only what the documentation names may come out of it, and only when something was refused.</summary>
    private bool Try(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is IOException or StoreException)
        {
            Require(_plan.Fired > 0, $"an error without a fault: {error}");
            return false;
        }
    }

    private void Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] FaultStory otherwise)
    {
        if (!holds)
        {
            throw new FaultException($"{otherwise} (refused: {_plan.FirstFired}, {_plan.Fired} times; failure: {(_store is null ? "closed" : _store.GetStatistics().Failure ?? "none")})");
        }
    }

    private (int Key, int Value)[] Put(WriteBatch batch, int key, int length)
    {
        batch.Put(ImageHistory.Key(key), ImageHistory.Value(_commit, length));
        return [(key, _commit)];
    }

    private static (int Key, int Value)[] Delete(WriteBatch batch, int key)
    {
        batch.Delete(ImageHistory.Key(key));
        return [(key, 0)];
    }

    private static (int Key, int Value)[] DeleteRange(WriteBatch batch, int from, int to)
    {
        batch.DeleteRange(ImageHistory.Key(from), ImageHistory.Key(to));
        return [.. Enumerable.Range(from, to - from).Select(static key => (key, 0))];
    }
}
