using System.Text;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Schedules;

/// <summary>A transaction whose every read is held against the state at its beginning, and whose commit against what its isolation promises.</summary>
internal sealed class ClientTransaction : IDisposable
{
    private readonly StoreTransaction _transaction;
    private readonly CommittedState _state;
    private readonly SortedDictionary<string, string> _seen;
    private readonly Dictionary<string, string> _writes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reads = new(StringComparer.Ordinal);
    private readonly int _began;

    public ClientTransaction(LsmStore store, CommittedState state, TransactionIsolation isolation)
    {
        _transaction = store.BeginTransaction(isolation);
        _state = state;
        _seen = state.Copy();
        _began = state.Moment;
    }

    public string Read(string key)
    {
        var found = _transaction.TryGet(Encoding.UTF8.GetBytes(key), out byte[]? value) ? Encoding.UTF8.GetString(value!) : "";
        _reads.Add(key);
        Expect(key, found, _writes.GetValueOrDefault(key) ?? _seen.GetValueOrDefault(key) ?? "");
        return found;
    }

    public void Write(string key, string value)
    {
        _transaction.Put(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
        _writes[key] = value;
    }

    /// <summary>Reads the rows whose keys begin with <paramref name="prefix"/>, one for each move.</summary>
    public IEnumerable<(string Key, string Value)> Scan(string prefix)
    {
        var expected = new SortedDictionary<string, string>(_seen, StringComparer.Ordinal);
        foreach (var (key, value) in _writes)
        {
            expected[key] = value;
        }

        using var cursor = _transaction.CreateCursor(new CursorOptions { Prefix = Encoding.UTF8.GetBytes(prefix) });
        using var rows = expected.Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal)).GetEnumerator();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            var (key, value) = (Encoding.UTF8.GetString(cursor.Key), Encoding.UTF8.GetString(cursor.Value));
            if (!rows.MoveNext() || rows.Current.Key != key)
            {
                throw new ScheduleException($"a scan of {prefix} meets {key}");
            }

            _reads.Add(key);
            Expect(key, value, rows.Current.Value);
            yield return (key, value);
        }

        if (rows.MoveNext())
        {
            throw new ScheduleException($"a scan of {prefix} ends before {rows.Current.Key}");
        }
    }

    /// <summary>Commits; false for a conflict, which must have a reason.</summary>
    public bool TryCommit()
    {
        var checkedKeys = _transaction.Isolation == TransactionIsolation.Serializable ? _writes.Keys.Concat(_reads) : _writes.Keys;
        var isOvertaken = _writes.Count > 0 && _state.HasWrittenSince(_began, checkedKeys);
        try
        {
            _transaction.Commit();
        }
        catch (ConflictException) when (isOvertaken)
        {
            return false;
        }
        catch (ConflictException conflict)
        {
            throw new ScheduleException($"a conflict that nobody caused: {conflict.Message}");
        }

        if (isOvertaken)
        {
            throw new ScheduleException($"a {_transaction.Isolation} transaction committed over another that it had not seen");
        }

        if (_writes.Count > 0)
        {
            _state.Apply(_writes);
        }

        return true;
    }

    public void Dispose() => _transaction.Dispose();

    private static void Expect(string key, string found, string expected)
    {
        if (found != expected)
        {
            throw new ScheduleException($"{key} reads '{found}' where '{expected}' was committed");
        }
    }
}
