using System.Text;
using LsmTree.Storage;
using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Schedules;

/// <summary>One schedule: which client, or which piece of background work, goes on next is what the dice say, and nothing else.</summary>
/// <remarks>All runs on one thread: background work is stepped, so that a seed is a history. Real threads are <see cref="ThreadStress"/>'s.</remarks>
internal sealed class ScheduleRun
{
    private const string Directory = "/schedule";

    private readonly MemoryFileSystem _files = new();
    private readonly CommittedState _state = new();
    private readonly List<IEnumerator<bool?>> _clients = [];
    private readonly List<(Snapshot Snapshot, SortedDictionary<string, string> Rows)> _snapshots = [];
    private readonly LsmStoreOptions _options;
    private Dice _dice;
    private LsmStore _store;

    public ScheduleRun(ulong seed)
    {
        _dice = new Dice(seed);
        _options = new LsmStoreOptions
        {
            Background = BackgroundMode.Manual,
            MemtableBytes = 64 << 10,
            TableBytes = 64 << 10,
            BlockBytes = 512,
            BlockCacheBytes = _dice.Once(2) ? 0 : 64 << 10,
            Durability = _dice.Once(2) ? Durability.Full : Durability.Normal,
            Seed = seed,
        };
        _store = LsmStore.OpenOn(_files, Directory, null, _options);
    }

    /// <summary>What the store must hold; a test that changes it must be told of it.</summary>
    public CommittedState State => _state;

    public int Steps { get; private set; }

    public int Commits { get; private set; }

    public int Conflicts { get; private set; }

    /// <summary>Clients that the store's end found at work.</summary>
    public int Bereaved { get; private set; }

    public void Run()
    {
        try
        {
            Fill();
            var steps = 60 + _dice.Below(120);
            var most = 2 + _dice.Below(4);
            for (; Steps < steps; Steps++)
            {
                if (_clients.Count < most && _dice.Once(2))
                {
                    _clients.Add(NewClient());
                }
                else if (_dice.Once(4))
                {
                    Disturb();
                }
                else if (_clients.Count > 0)
                {
                    Advance(_clients[_dice.Below(_clients.Count)]);
                }
            }

            if (_dice.Once(2))
            {
                DisposeUnderClients();
            }

            Clear();
            _store.Dispose();
            _store = LsmStore.OpenOn(_files, Directory, null, _options);
            Compare(null, _state.Rows);
            CheckSums();
        }
        finally
        {
            Clear();
            _store.Dispose();
        }
    }

    private void Fill()
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Clients.Accounts; i++)
        {
            rows.Add(Clients.Account(i), Clients.Text(Clients.Deposit));
        }

        for (var i = 0; i < Clients.Pairs; i++)
        {
            rows.Add(Clients.Half(i, 0), Clients.Text(Clients.Deposit));
            rows.Add(Clients.Half(i, 1), Clients.Text(Clients.Deposit));
        }

        var batch = new WriteBatch();
        foreach (var (key, value) in rows)
        {
            batch.Put(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
        }

        _store.Write(batch);
        _state.Apply(rows);
    }

    private IEnumerator<bool?> NewClient()
    {
        var dice = new Dice(_dice.Next());
        return (_dice.Below(6) switch
        {
            0 or 1 => Clients.Transfer(_store, _state, dice),
            2 => Clients.Audit(_store, _state, dice),
            3 => Clients.Withdraw(_store, _state, dice),
            _ => Clients.Append(_store, _state, dice),
        }).GetEnumerator();
    }

    private void Advance(IEnumerator<bool?> client)
    {
        if (!client.MoveNext())
        {
            client.Dispose();
            _clients.Remove(client);
            return;
        }

        Commits += client.Current == true ? 1 : 0;
        Conflicts += client.Current == false ? 1 : 0;
    }

    private void Disturb()
    {
        switch (_dice.Below(9))
        {
            case 0:
                _store.Flush();
                break;
            case 1:
                _store.Compact();
                break;
            case 2 or 3 or 4:
                _store.RunBackgroundStep();
                break;
            case 5:
                _snapshots.Add((_store.CreateSnapshot(), _state.Copy()));
                break;
            case 6 when _snapshots.Count > 0:
                var (kept, rows) = _snapshots[_dice.Below(_snapshots.Count)];
                Compare(kept, rows);
                break;
            case 7 when _snapshots.Count > 0:
                var at = _dice.Below(_snapshots.Count);
                _snapshots[at].Snapshot.Dispose();
                _snapshots.RemoveAt(at);
                break;
            default:
                Compare(null, _state.Rows);
                break;
        }
    }

    /// <summary>The store ends while clients are at work: each may learn of it, none may crash, and none may commit.</summary>
    private void DisposeUnderClients()
    {
        _store.Dispose();
        foreach (var client in _clients)
        {
            Bereaved++;
            var committed = _state.Moment;
            try
            {
                while (client.MoveNext())
                {
                    // It reads on from memory, or notes edits; what matters is that it cannot commit.
                }
            }
            catch (ObjectDisposedException)
            {
                // Told, as it should be.
            }

            if (_state.Moment != committed)
            {
                throw new ScheduleException("a transaction committed to a store that is closed");
            }
        }
    }

    private void Compare(Snapshot? snapshot, SortedDictionary<string, string> rows)
    {
        using var cursor = _store.CreateCursor(new CursorOptions { Snapshot = snapshot });
        using var expected = rows.GetEnumerator();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            var (key, value) = (Encoding.UTF8.GetString(cursor.Key), Encoding.UTF8.GetString(cursor.Value));
            if (!expected.MoveNext() || expected.Current.Key != key || expected.Current.Value != value)
            {
                throw new ScheduleException($"{(snapshot is null ? "the store" : "a snapshot")} has {key} = '{value}' where {expected.Current} was committed");
            }
        }

        if (expected.MoveNext())
        {
            throw new ScheduleException($"{(snapshot is null ? "the store" : "a snapshot")} lacks {expected.Current}");
        }
    }

    /// <summary>From the store alone, so that an error of the model does not hide one of the store.</summary>
    private void CheckSums()
    {
        var sum = Enumerable.Range(0, Clients.Accounts).Sum(i => Read(Clients.Account(i)));
        if (sum != Clients.Accounts * Clients.Deposit)
        {
            throw new ScheduleException($"the accounts hold {sum}");
        }

        for (var i = 0; i < Clients.Pairs; i++)
        {
            if (Read(Clients.Half(i, 0)) + Read(Clients.Half(i, 1)) < 0)
            {
                throw new ScheduleException($"pair {i} was overdrawn: write skew");
            }
        }
    }

    private long Read(string key) => _store.TryGet(Encoding.UTF8.GetBytes(key), out byte[]? value) ? Clients.Number(Encoding.UTF8.GetString(value!)) : 0;

    private void Clear()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var (snapshot, _) in _snapshots)
        {
            snapshot.Dispose();
        }

        _clients.Clear();
        _snapshots.Clear();
    }
}
