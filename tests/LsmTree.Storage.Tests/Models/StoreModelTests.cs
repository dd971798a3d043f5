using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Models;

/// <summary>Random operations on a store and on a sorted dictionary: both must always agree. A failure prints the seed and the last operations.</summary>
public sealed class StoreModelTests
{
    public static TheoryData<ulong, string> Runs()
    {
        var runs = new TheoryData<ulong, string>();
        foreach (var shape in new[] { "default", "tiny-blocks", "no-bloom-no-cache", "positional-log", "off", "brotli" })
        {
            for (ulong seed = 1; seed <= 4; seed++)
            {
                runs.Add(seed, shape);
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Random_operations_agree_with_a_sorted_dictionary(ulong seed, string shape)
    {
        var run = new ModelRun(new MemoryFileSystem(), seed, Shape(shape));
        try
        {
            run.Execute(operations: 4_000);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"REPLAY seed={seed} shape={shape}\n{run.Story}\n{error.Message}", error);
        }
    }

    private static LsmStoreOptions Shape(string name)
    {
        // The smallest memtable and table sizes that options allow make flushes and compactions of many levels happen within a few thousand operations.
        var options = new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, TableBytes = 64 << 10, BlockCacheBytes = 1 << 20, Seed = 7, Time = new ManualClock() };
        return name switch
        {
            "tiny-blocks" => options with { BlockBytes = 512 },
            "no-bloom-no-cache" => options with { BloomBitsPerKey = 0, BlockCacheBytes = 0 },
            "positional-log" => options with { LogAppend = LogAppend.Positional },
            "off" => options with { Durability = Durability.Off },
            "brotli" => options with { Compression = Compression.Brotli },
            _ => options,
        };
    }

    private sealed class ModelRun(MemoryFileSystem files, ulong seed, LsmStoreOptions options)
    {
        private const string Directory = "/model";

        private readonly Random _random = new((int)seed);
        private readonly ManualClock _clock = (ManualClock)options.Time;
        private readonly Queue<string> _story = new();
        private readonly List<(Snapshot Snapshot, StoreModel Model)> _snapshots = [];
        private StoreModel _model = new() { Moment = ManualClock.Start.ToUnixTimeMilliseconds() };
        private LsmStore _store = LsmStore.OpenOn(files, Directory, null, options);

        public string Story => string.Join('\n', _story);

        public void Execute(int operations)
        {
            for (var i = 0; i < operations; i++)
            {
                Step(i);
                if (i % 500 == 499)
                {
                    CompareAll(_model, null);
                    foreach (var (snapshot, model) in _snapshots)
                    {
                        CompareAll(model, snapshot);
                    }
                }
            }

            DropSnapshots();
            _store.Dispose();
            _store = LsmStore.OpenOn(files, Directory, null, options);
            CompareAll(_model, null);
            _store.Dispose();
        }

        private void Step(int index)
        {
            switch (_random.Next(100))
            {
                case < 2:
                    _clock.Advance(_random.Next(40));
                    _model.Moment = _clock.Now.ToUnixTimeMilliseconds();
                    Tell($"{index} clock {_clock.Now:mm:ss.fff}");
                    break;
                case < 10:
                    var (expiring, expiry) = (Key(), _clock.Now.AddMilliseconds(_random.Next(300)));
                    Tell($"{index} put {expiring} until {expiry:mm:ss.fff}");
                    var what = Value();
                    _store.Put(Bytes(expiring), Bytes(what), expiry);
                    _model.Put(expiring, what, expiry.ToUnixTimeMilliseconds());
                    break;
                case < 40:
                    var (key, value) = (Key(), Value());
                    Tell($"{index} put {key} {value.Length}");
                    _store.Put(Bytes(key), Bytes(value));
                    _model.Put(key, value);
                    break;
                case < 50:
                    var gone = Key();
                    Tell($"{index} delete {gone}");
                    _store.Delete(Bytes(gone));
                    _model.Delete(gone);
                    break;
                case < 53:
                    var (from, to) = (Key(), Key());
                    Tell($"{index} delete-range {from} {to}");
                    _store.DeleteRange(Bytes(from), Bytes(to));
                    _model.DeleteRange(from, to);
                    break;
                case < 60:
                    Batch(index);
                    break;
                case < 75:
                    var asked = Key();
                    Tell($"{index} get {asked}");
                    Assert.Equal(_model.Get(asked), Get(asked, null));
                    break;
                case < 82:
                    Scan(index);
                    break;
                case < 86:
                    Transaction(index);
                    break;
                case < 88:
                    Tell($"{index} flush");
                    _store.Flush();
                    break;
                case < 93:
                    Tell($"{index} step");
                    _store.RunBackgroundStep();
                    break;
                case < 94:
                    Tell($"{index} compact");
                    _store.Compact();
                    break;
                case < 96:
                    Tell($"{index} snapshot");
                    _snapshots.Add((_store.CreateSnapshot(), _model.Copy()));
                    if (_snapshots.Count > 4)
                    {
                        _snapshots[0].Snapshot.Dispose();
                        _snapshots.RemoveAt(0);
                    }

                    break;
                case < 98:
                    if (_snapshots.Count > 0)
                    {
                        var (snapshot, model) = _snapshots[_random.Next(_snapshots.Count)];
                        var then = Key();
                        Tell($"{index} get {then} as of {snapshot.Sequence}");
                        Assert.Equal(model.Get(then), Get(then, snapshot));
                    }

                    break;
                case < 99:
                    Tell($"{index} verify");
                    Assert.Empty(_store.Verify().Problems);
                    break;
                default:
                    Tell($"{index} reopen");
                    DropSnapshots();
                    _store.Dispose();
                    _store = LsmStore.OpenOn(files, Directory, null, options);
                    break;
            }
        }

        private void Batch(int index)
        {
            var batch = new WriteBatch();
            var count = _random.Next(1, 40);
            Tell($"{index} batch of {count}");
            for (var i = 0; i < count; i++)
            {
                var key = Key();
                switch (_random.Next(10))
                {
                    case < 2:
                        var (brief, expiry) = (Value(), _clock.Now.AddMilliseconds(_random.Next(300)));
                        batch.Put(Bytes(key), Bytes(brief), expiry);
                        _model.Put(key, brief, expiry.ToUnixTimeMilliseconds());
                        break;
                    case < 7:
                        var value = Value();
                        batch.Put(Bytes(key), Bytes(value));
                        _model.Put(key, value);
                        break;
                    case < 9:
                        batch.Delete(Bytes(key));
                        _model.Delete(key);
                        break;
                    default:
                        var to = Key();
                        batch.DeleteRange(Bytes(key), Bytes(to));
                        _model.DeleteRange(key, to);
                        break;
                }
            }

            _store.Write(batch);
        }

        private void Transaction(int index)
        {
            using var transaction = _store.BeginTransaction(_random.Next(2) == 0 ? TransactionIsolation.Snapshot : TransactionIsolation.Serializable);
            var model = _model.Copy();
            var savepoint = transaction.CreateSavepoint();
            var saved = model.Copy();
            var count = _random.Next(1, 30);
            Tell($"{index} transaction of {count}");
            for (var i = 0; i < count; i++)
            {
                var key = Key();
                switch (_random.Next(12))
                {
                    case < 1:
                        var (brief, expiry) = (Value(), _clock.Now.AddMilliseconds(_random.Next(-20, 300)));
                        transaction.Put(Bytes(key), Bytes(brief), expiry);
                        model.Put(key, brief, expiry.ToUnixTimeMilliseconds());
                        break;
                    case < 5:
                        var value = Value();
                        transaction.Put(Bytes(key), Bytes(value));
                        model.Put(key, value);
                        break;
                    case < 7:
                        transaction.Delete(Bytes(key));
                        model.Delete(key);
                        break;
                    case < 8:
                        var to = Key();
                        transaction.DeleteRange(Bytes(key), Bytes(to));
                        model.DeleteRange(key, to);
                        break;
                    case < 9:
                        savepoint = transaction.CreateSavepoint();
                        saved = model.Copy();
                        break;
                    case < 10:
                        transaction.RollbackTo(savepoint);
                        model = saved.Copy();
                        break;
                    default:
                        Assert.Equal(model.Get(key), transaction.TryGet(Bytes(key), out byte[]? found) ? Encoding.UTF8.GetString(found) : null);
                        break;
                }
            }

            using (var cursor = transaction.CreateCursor())
            {
                Walk(cursor, model.Range(null, null));
            }

            if (_random.Next(4) == 0)
            {
                transaction.Rollback();
                return;
            }

            transaction.Commit();
            _model = model;
        }

        private void Scan(int index)
        {
            var from = _random.Next(3) == 0 ? null : Key();
            var to = _random.Next(3) == 0 ? null : Key();
            Tell($"{index} scan {from} {to}");
            using var cursor = _store.CreateCursor(new CursorOptions { LowerBound = from is null ? null : Bytes(from), UpperBound = to is null ? null : Bytes(to) });
            Walk(cursor, _model.Range(from, to));
        }

        /// <summary>Forward, backward, and a random walk with changes of direction and seeks.</summary>
        private void Walk(StoreCursor cursor, List<KeyValuePair<string, string>> expected)
        {
            var seen = new List<KeyValuePair<string, string>>();
            for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
            {
                seen.Add(Current(cursor));
            }

            Assert.Equal(expected, seen);
            seen.Clear();
            for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
            {
                seen.Add(Current(cursor));
            }

            seen.Reverse();
            Assert.Equal(expected, seen);
            if (expected.Count == 0)
            {
                Assert.False(cursor.SeekToFirst());
                return;
            }

            var at = _random.Next(expected.Count);
            Assert.True(cursor.Seek(Bytes(expected[at].Key)));
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(expected[at], Current(cursor));
                if (_random.Next(5) == 0)
                {
                    var key = Key();
                    var target = expected.FindIndex(entry => string.CompareOrdinal(entry.Key, key) >= 0);
                    Assert.Equal(target >= 0, cursor.Seek(Bytes(key)));
                    if (target < 0)
                    {
                        target = expected.Count - 1;
                        Assert.True(cursor.SeekForPrev(Bytes(key)));
                    }

                    at = target;
                }
                else if (_random.Next(2) == 0)
                {
                    at++;
                    Assert.Equal(at < expected.Count, cursor.Next());
                }
                else
                {
                    at--;
                    Assert.Equal(at >= 0, cursor.Prev());
                }

                if (!cursor.IsValid)
                {
                    at = _random.Next(expected.Count);
                    Assert.True(cursor.SeekForPrev(Bytes(expected[at].Key)));
                }
            }

            Assert.True(cursor.Seek(Bytes(expected[0].Key)));
            Assert.Equal(expected.Count, cursor.CountRemaining());
            Assert.False(cursor.IsValid);
        }

        private void CompareAll(StoreModel model, Snapshot? snapshot)
        {
            using var cursor = _store.CreateCursor(new CursorOptions { Snapshot = snapshot });
            Walk(cursor, model.Range(null, null));
        }

        private string? Get(string key, Snapshot? snapshot) => _store.TryGet(Bytes(key), out byte[]? value, snapshot) ? Encoding.UTF8.GetString(value) : null;

        private void DropSnapshots()
        {
            foreach (var (snapshot, _) in _snapshots)
            {
                snapshot.Dispose();
            }

            _snapshots.Clear();
        }

        private string Key() => _random.Next(40) == 0 ? "" : $"k{new string('x', _random.Next(3) * 9)}{_random.Next(150):D3}";

        private string Value() => new((char)('a' + _random.Next(26)), _random.Next(12) == 0 ? _random.Next(6_000) : _random.Next(60));

        private void Tell(string line)
        {
            _story.Enqueue(line);
            if (_story.Count > 25)
            {
                _story.Dequeue();
            }
        }

        private static KeyValuePair<string, string> Current(StoreCursor cursor) =>
            new(Encoding.UTF8.GetString(cursor.Key), Encoding.UTF8.GetString(cursor.Value));

        private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }
}
