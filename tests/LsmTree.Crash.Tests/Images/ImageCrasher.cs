using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Images;

/// <summary>Crashes one recorded run at every operation, in every way.</summary>
internal sealed class ImageCrasher
{
    private static readonly Persistence[] s_once = [Persistence.NothingUnsynced, Persistence.Everything, Persistence.SizeBeforeData];

    private static readonly Persistence[] s_random = [Persistence.RandomSectors, Persistence.RandomCut, Persistence.SomeFiles];

    private readonly IRecordedRun _run;
    private readonly ulong _seed;
    private readonly ImageEffort _effort;
    private readonly LsmStoreOptions _options;
    private readonly Dictionary<ulong, int> _known = [];

    public ImageCrasher(IRecordedRun run, ulong seed, ImageEffort effort)
    {
        _run = run;
        _seed = seed;
        _effort = effort;
        _options = run.Options;
    }

    public long Images { get; private set; }

    public long Nested { get; private set; }

    /// <summary>Checkpoints, restored backups and repaired stores that were opened.</summary>
    public long Copies { get; private set; }

    public long Points { get; private set; }

    /// <summary>Crashes at every operation, or only at those of the last word: those before it are another script's.</summary>
    public void Run(bool lastWordOnly, PartContext context)
    {
        var events = _run.Files.Journal!;
        if (!lastWordOnly)
        {
            _run.Close();
        }

        var from = lastWordOnly ? _run.LastWordFrom : 0;
        var points = new CrashPoints(new SimFileSystem().Names);
        var promise = default(ImagePromise);
        for (var k = 0; k <= events.Count; k++)
        {
            if (k >= from && !context.IsOver)
            {
                Points++;
                CrashAt(k, points, promise, k < events.Count ? events[k] : default, context);
            }

            if (k < events.Count && events[k].Kind == SimEventKind.Mark)
            {
                promise.Advance(events[k]);
            }
            else if (k < events.Count)
            {
                points.Advance(events[k]);
            }
        }
    }

    /// <summary>Repeats one crash, and when told so those of the recovery after it.</summary>
    public void Replay(int point, Persistence persistence, int torn, ulong seed, bool isNested)
    {
        // Closed, so that the first event of closing can be the one that is torn; those before it are the same.
        _run.Close();
        var events = _run.Files.Journal!;
        var points = new CrashPoints(new SimFileSystem().Names);
        var promise = default(ImagePromise);
        for (var k = 0; k < point; k++)
        {
            if (events[k].Kind == SimEventKind.Mark)
            {
                promise.Advance(events[k]);
            }
            else
            {
                points.Advance(events[k]);
            }
        }

        var next = point < events.Count ? events[point] : default;
        var dice = new Dice(seed);
        var image = points.Materialise(persistence, ref dice, next, torn);
        var found = Check(image.Files, promise.Least(persistence, _options.Durability), promise);
        if (isNested)
        {
            CrashRecovery(points, persistence, seed, next, torn, found);
        }
    }

    private void CrashAt(int point, CrashPoints points, ImagePromise promise, SimEvent next, PartContext context)
    {
        foreach (var persistence in s_once)
        {
            Crash(point, points, promise, next, persistence, 0, 0, context);
        }

        for (var i = 0; i < _effort.RandomImages; i++)
        {
            foreach (var persistence in s_random)
            {
                Crash(point, points, promise, next, persistence, 0, i, context);
            }
        }

        for (var i = 0; i < Math.Min(_effort.NameImages, 1 << Math.Min(points.PendingNames, 10)); i++)
        {
            Crash(point, points, promise, next, Persistence.NamesReordered, 0, i, context);
            Crash(point, points, promise, next, Persistence.NamesBeforeData, 0, i, context);
        }

        if (next.Kind == SimEventKind.Append && next.Value > 1)
        {
            var step = Math.Max(1, next.Value / _effort.TornImages);
            for (var torn = 1; torn < next.Value; torn += step)
            {
                Crash(point, points, promise, next, Persistence.TornWrite, torn, 0, context);
            }
        }
    }

    private void Crash(int point, CrashPoints points, ImagePromise promise, SimEvent next, Persistence persistence, int torn, int round, PartContext context)
    {
        var seed = _seed * 1_000_003 + (ulong)((point * 31) + round) * 17 + (ulong)persistence;
        var dice = new Dice(seed);
        var image = points.Materialise(persistence, ref dice, next, torn);
        var (least, most) = (promise.Least(persistence, _options.Durability), promise.Most);
        var identity = image.Identity + (ulong)promise.Copies; // what a copy must be depends on whether it was complete
        var isNew = !_known.TryGetValue(identity, out var found);
        var isNested = false;
        try
        {
            if (isNew)
            {
                Images++;
                found = Check(image.Files, least, promise);
                _known.Add(identity, found);
                if (_effort.NestedEvery > 0 && Images % _effort.NestedEvery == 0)
                {
                    isNested = true;
                    CrashRecovery(points, persistence, seed, next, torn, found);
                }
            }
            else if (found >= 0 && (found < least || found > most) && !_run.IsAlsoAfter(found, least, most))
            {
                throw new ImageException($"the store is as after commit {found}, and should be as after one from {least} to {most}");
            }
        }
        catch (Exception failure)
        {
            _known[identity] = -1; // told once
            context.Fail($"{_run.Words} point={point} persistence={persistence} torn={torn} seed={seed}{(isNested ? " nested=1" : "")}", $"before {next}, commits {least} to {most}: {failure}");
        }
    }

    private int Check(SimFileSystem image, int least, ImagePromise promise)
    {
        var found = _run.Check(image, least, promise.Most);
        Copies += _run.CheckCopies(image, promise.Copies);
        return found;
    }

    /// <summary>Crashes the recovery of an image at each of its operations, in turn: what is found then is what the recovery would have given.</summary>
    private void CrashRecovery(CrashPoints points, Persistence persistence, ulong seed, SimEvent next, int torn, int found)
    {
        var dice = new Dice(seed);
        var image = points.Materialise(persistence, ref dice, next, torn);
        var inRecovery = new CrashPoints(image.Files.Names);
        var recovered = LsmStore.OpenOn(image.Files, ScriptWord.Store, null, _options);
        var steps = image.Files.Journal!.ToArray();
        image.Files.KillProcess();
        recovered.Abandon();
        foreach (var step in steps)
        {
            inRecovery.Advance(step);
            foreach (var second in (ReadOnlySpan<Persistence>)[Persistence.NothingUnsynced, Persistence.Everything, Persistence.RandomSectors])
            {
                Nested++;
                _run.Check(inRecovery.Materialise(second, ref dice).Files, found, found);
            }
        }
    }
}
