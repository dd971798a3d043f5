using System.Globalization;
using System.Text;

namespace LsmTree.Storage.Tests.Transactions;

/// <summary>
/// Eight transactions at a time, interleaved at random, against an oracle that knows exactly what each must read and which of them must lose.
/// </summary>
/// <remarks>
/// The oracle of a snapshot transaction: reads see the state at its beginning and its own edits, and its commit fails exactly when somebody has
/// committed an edit of a key that it edits. Of a serializable one: also when somebody has edited what it read; so what it read must still be true at
/// its commit, and the order of commits is a serial order that explains every read.
/// </remarks>
public sealed class TransactionHistoryTests
{
    private const int AtATime = 8;
    private const int Steps = 600;

    public static TheoryData<int, TransactionIsolation> Runs()
    {
        var runs = new TheoryData<int, TransactionIsolation>();
        for (var seed = 1; seed <= 12; seed++)
        {
            runs.Add(seed, TransactionIsolation.Snapshot);
            runs.Add(seed, TransactionIsolation.Serializable);
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Interleaved_transactions_read_and_conflict_exactly_as_their_isolation_says(int seed, TransactionIsolation isolation)
    {
        var history = new History(seed, isolation);
        try
        {
            history.Run();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"REPLAY seed={seed} isolation={isolation}\n{history.Story}\n{error.Message}", error);
        }
    }

    private sealed class History(int seed, TransactionIsolation isolation)
    {
        private readonly Random _random = new(seed);
        private readonly StringBuilder _story = new();
        private readonly SortedDictionary<string, string> _committed = new(StringComparer.Ordinal);
        private readonly List<Open> _open = [];
        private readonly List<List<Edit>> _log = []; // the edits of each commit, in order
        private int _values;
        private int _transactions;
        private int _conflicts;

        public string Story => _story.ToString();

        public void Run()
        {
            using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Seed = 1 });
            for (var step = 0; step < Steps; step++)
            {
                Step(store);
            }

            Assert.True(_conflicts > 0 && _log.Count > 0, $"{_log.Count} commits, {_conflicts} conflicts");
            Assert.Equal(_committed, Scan(store.CreateCursor()));
            _open.ForEach(static open => open.Transaction.Dispose());
        }

        private void Step(LsmStore store)
        {
            if (_open.Count < AtATime)
            {
                _open.Add(new Open(++_transactions, store.BeginTransaction(isolation), new SortedDictionary<string, string>(_committed, StringComparer.Ordinal), _log.Count));
                Tell($"T{_transactions} begin");
                return;
            }

            var open = _open[_random.Next(_open.Count)];
            switch (_random.Next(20))
            {
                case < 6:
                    var key = Key();
                    var value = (++_values).ToString(CultureInfo.InvariantCulture);
                    Tell($"T{open.Id} put {key} {value}");
                    open.Transaction.Put(Bytes(key), Bytes(value));
                    open.Apply(new Edit(key, key + '\0', value));
                    break;
                case < 8:
                    var gone = Key();
                    Tell($"T{open.Id} delete {gone}");
                    open.Transaction.Delete(Bytes(gone));
                    open.Apply(new Edit(gone, gone + '\0', null));
                    break;
                case < 9:
                    var (from, to) = Range();
                    Tell($"T{open.Id} delete [{from}, {to})");
                    open.Transaction.DeleteRange(Bytes(from), Bytes(to));
                    if (string.CompareOrdinal(from, to) < 0)
                    {
                        open.Apply(new Edit(from, to, null));
                    }

                    break;
                case < 13:
                    var asked = Key();
                    Tell($"T{open.Id} get {asked}");
                    var found = open.Transaction.TryGet(Bytes(asked), out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : null;
                    Assert.Equal(open.State.GetValueOrDefault(asked), found);
                    if (!open.Edits.Any(edit => edit.Covers(asked)))
                    {
                        open.Reads.Add((asked, asked + '\0'));
                    }

                    break;
                case < 14:
                    var (low, high) = Range();
                    Tell($"T{open.Id} scan [{low}, {high})");
                    Assert.Equal(
                        open.State.Where(entry => Within(entry.Key, low, high)),
                        Scan(open.Transaction.CreateCursor(new CursorOptions { LowerBound = Bytes(low), UpperBound = Bytes(high) })));
                    // The cursor notes its upper bound as read: it cannot know that nothing lies at it.
                    open.Reads.Add((low, high + '\0'));
                    break;
                case < 15:
                    Tell($"T{open.Id} savepoint");
                    open.Save();
                    break;
                case < 16:
                    Tell($"T{open.Id} rollback to savepoint");
                    open.Restore();
                    break;
                case < 17:
                    Tell("flush");
                    store.Flush();
                    store.RunBackgroundStep();
                    break;
                case < 19:
                    Commit(open);
                    break;
                default:
                    Tell($"T{open.Id} rollback");
                    open.Transaction.Rollback();
                    _open.Remove(open);
                    break;
            }
        }

        private void Commit(Open open)
        {
            var since = _log.Skip(open.Began).SelectMany(static edits => edits).ToList();
            var mustLose = open.Edits.Any(mine => since.Any(theirs => theirs.Overlaps(mine.From, mine.To)));
            if (isolation == TransactionIsolation.Serializable && open.Edits.Count > 0)
            {
                mustLose |= open.Reads.Any(read => since.Any(theirs => theirs.Overlaps(read.From, read.To)));
            }

            Tell($"T{open.Id} commit{(mustLose ? ", must lose" : "")}");
            _open.Remove(open);
            if (mustLose)
            {
                _conflicts++;
                Assert.Throws<ConflictException>(() => open.Transaction.Commit());
                return;
            }

            open.Transaction.Commit();
            if (isolation == TransactionIsolation.Serializable && open.Edits.Count > 0)
            {
                foreach (var (from, to) in open.Reads)
                {
                    Assert.Equal(open.Beginning.Where(entry => Within(entry.Key, from, to)), _committed.Where(entry => Within(entry.Key, from, to)));
                }
            }

            open.Edits.ForEach(edit => edit.ApplyTo(_committed));
            _log.Add(open.Edits);
        }

        private static List<KeyValuePair<string, string>> Scan(StoreCursor cursor)
        {
            var seen = new List<KeyValuePair<string, string>>();
            using (cursor)
            {
                for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
                {
                    seen.Add(new(Encoding.UTF8.GetString(cursor.Key), Encoding.UTF8.GetString(cursor.Value)));
                }
            }

            return seen;
        }

        private string Key() => $"k{_random.Next(30):D2}";

        private (string From, string To) Range()
        {
            var from = _random.Next(30);
            return ($"k{from:D2}", $"k{from + _random.Next(6):D2}");
        }

        private void Tell(string line) => _story.AppendLine(line);

        private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
    }

    private static bool Within(string key, string from, string to) => string.CompareOrdinal(key, from) >= 0 && string.CompareOrdinal(key, to) < 0;

    /// <summary>An edit of every key in [From, To): to a value, or gone.</summary>
    private sealed record Edit(string From, string To, string? Value)
    {
        public bool Covers(string key) => Within(key, From, To);

        public bool Overlaps(string from, string to) => string.CompareOrdinal(From, to) < 0 && string.CompareOrdinal(from, To) < 0;

        public void ApplyTo(SortedDictionary<string, string> state)
        {
            if (Value is not null)
            {
                state[From] = Value;
                return;
            }

            foreach (var key in state.Keys.Where(Covers).ToList())
            {
                state.Remove(key);
            }
        }
    }

    private sealed class Open(int id, StoreTransaction transaction, SortedDictionary<string, string> beginning, int began)
    {
        private StoreSavepoint _savepoint = transaction.CreateSavepoint();
        private int _savedEdits;

        public int Id => id;

        public StoreTransaction Transaction => transaction;

        public SortedDictionary<string, string> Beginning => beginning;

        /// <summary>Commits before it began.</summary>
        public int Began => began;

        public List<Edit> Edits { get; } = [];

        public List<(string From, string To)> Reads { get; } = [];

        /// <summary>What it must see.</summary>
        public SortedDictionary<string, string> State { get; private set; } = new(beginning, StringComparer.Ordinal);

        public void Apply(Edit edit)
        {
            Edits.Add(edit);
            edit.ApplyTo(State);
        }

        public void Save()
        {
            _savepoint = transaction.CreateSavepoint();
            _savedEdits = Edits.Count;
        }

        public void Restore()
        {
            transaction.RollbackTo(_savepoint);
            Edits.RemoveRange(_savedEdits, Edits.Count - _savedEdits);
            State = new SortedDictionary<string, string>(beginning, StringComparer.Ordinal);
            Edits.ForEach(edit => edit.ApplyTo(State));
        }
    }
}
