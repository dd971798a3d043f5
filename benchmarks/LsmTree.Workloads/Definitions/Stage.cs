using LsmTree.Storage;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Definitions;

/// <summary>Has a store ready in the state that a workload starts from. Keeps it for the next workload when that starts from the same state and nothing was changed.</summary>
internal sealed class Stage : IDisposable
{
    private const long MaxKeysInMemtable = 100_000;
    private const int LoadBatchEntries = 1_000;
    private const int ShareOfMemtable = 4; // An entry takes less than twice its bytes there; half full is far from a flush.

    private readonly WorkloadSettings _settings;
    private readonly string? _root;
    private LsmStore? _store;
    private StartState _state;
    private bool _changed;

    public Stage(WorkloadSettings settings)
    {
        _settings = settings;
        if (settings.Directory != WorkloadSettings.InMemory)
        {
            Directory.CreateDirectory(settings.Directory);
            _root = Path.Combine(settings.Directory, $"lsmtree-workloads-{Environment.ProcessId}-{Path.GetRandomFileName()}");
        }
    }

    /// <summary>A store in that state, and what its keys are.</summary>
    public WorkloadContext Prepare(StartState state)
    {
        var keys = state == StartState.InMemtable
            ? Math.Clamp(_settings.MemtableBytes / (ShareOfMemtable * (_settings.EntryBytes + 1)), 1, Math.Min(_settings.Keys, MaxKeysInMemtable))
            : _settings.Keys;
        if (_store is null || _state != state || _changed)
        {
            Close();
            _store = Open();
            _state = state;
            _changed = state == StartState.Empty; // What starts empty is there to be filled.
            var context = new WorkloadContext(_store, _settings, keys);
            Fill(context, state);
            return context;
        }

        return new WorkloadContext(_store, _settings, keys);
    }

    /// <summary>Says that the store is no longer in the state it was prepared in.</summary>
    public void MarkChanged() => _changed = true;

    public void Dispose() => Close();

    private void Close()
    {
        _store?.Dispose();
        _store = null;
        if (_root is not null && Directory.Exists(_root))
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    private LsmStore Open()
    {
        if (_root is null)
        {
            return LsmStore.OpenInMemory(_settings.ToOptions());
        }

        Directory.CreateDirectory(_root);
        return LsmStore.Open(Path.Combine(_root, "store"), _settings.ToOptions());
    }

    private static void Fill(WorkloadContext context, StartState state)
    {
        if (state == StartState.Empty)
        {
            return;
        }

        var batch = new WriteBatch();
        var key = context.KeySpace.CreateKey();
        for (var place = 0L; place < context.Keys; place++)
        {
            var number = context.Order.At(place);
            context.KeySpace.Write(key, number);
            batch.Put(key, context.Values.ValueOf(number));
            if (batch.Count == LoadBatchEntries)
            {
                context.Store.Write(batch);
                batch.Clear();
            }
        }

        context.Store.Write(batch);
        if (state == StartState.Loaded)
        {
            context.Store.Compact();
            FillCache(context);
        }
    }

    /// <summary>Reads through the keys once by point reads, as those fill the cache.</summary>
    private static void FillCache(WorkloadContext context)
    {
        var key = context.KeySpace.CreateKey();
        var value = new byte[context.Settings.ValueBytes];
        for (var number = 0L; number < context.Keys; number++)
        {
            context.KeySpace.Write(key, number);
            context.Store.TryGet(key, value, out _);
        }
    }
}
