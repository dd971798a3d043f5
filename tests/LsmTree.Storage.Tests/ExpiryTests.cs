using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Keys;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>Entries that expire, wherever they lie.</summary>
public sealed class ExpiryTests : IDisposable
{
    private readonly MemoryFileSystem _files = new();
    private readonly ManualClock _clock = new();
    private LsmStore _store;

    public ExpiryTests() => _store = Open();

    public static TheoryData<string> Places() => ["memtable", "frozen", "level 0", "bottom", "reopened", "replayed"];

    public void Dispose() => _store.Dispose();

    [Theory]
    [MemberData(nameof(Places))]
    public void An_entry_is_there_until_its_moment_and_not_after(string place)
    {
        _store.Put("stays"u8, "s"u8);
        PutFor("goes"u8, "g"u8, milliseconds: 100);
        PutFor("later"u8, "l"u8, milliseconds: 200);
        Bring(place);
        _clock.Advance(99);
        Assert.Equal(["goes=g", "later=l", "stays=s"], Dump());
        Assert.Equal("g", Get("goes"));
        _clock.Advance(1);
        Assert.Equal(["later=l", "stays=s"], Dump());
        Assert.Null(Get("goes"));
        Assert.False(_store.Contains("goes"u8));
        _clock.Advance(100);
        Assert.Equal(["stays=s"], Dump());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void What_has_expired_hides_what_it_replaced(string place)
    {
        _store.Put("k"u8, "old"u8);
        _store.Flush();
        PutFor("k"u8, "new"u8, milliseconds: 10);
        Bring(place);
        Assert.Equal("new", Get("k"));
        _clock.Advance(10);
        Assert.Null(Get("k"));
        Assert.Empty(Dump());
        _store.Compact();
        Assert.Null(Get("k"));
        Assert.Empty(Dump());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Counting_does_not_count_what_has_expired(string place)
    {
        for (var i = 0; i < 400; i++)
        {
            var key = Encoding.UTF8.GetBytes($"key{i:D5}");
            if (i % 3 == 0)
            {
                PutFor(key, "soon"u8, milliseconds: 10);
            }
            else
            {
                _store.Put(key, "always"u8);
            }
        }

        Bring(place);
        Assert.Equal(400, Count());
        _clock.Advance(10);
        Assert.Equal(400 - 134, Count());
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_snapshot_a_transaction_and_a_cursor_keep_their_moment(string place)
    {
        PutFor("a"u8, "1"u8, milliseconds: 10);
        PutFor("b"u8, "2"u8, milliseconds: 50);
        Bring(place);
        using var snapshot = _store.CreateSnapshot();
        using var transaction = _store.BeginTransaction();
        using var cursor = _store.CreateCursor();
        _clock.Advance(10);
        Assert.Equal(["b=2"], Dump());
        _store.Flush();
        _store.Compact();
        Assert.Equal(["a=1", "b=2"], Dump(snapshot));
        Assert.True(_store.TryGet("a"u8, out byte[]? seen, snapshot));
        Assert.Equal("1"u8, seen);
        Assert.True(transaction.TryGet("a"u8, out seen));
        Assert.Equal("1"u8, seen);
        Assert.True(cursor.Seek("a"u8));
        Assert.Equal("1"u8, cursor.Value);
        Assert.True(cursor.Next());
        _clock.Advance(40);
        Assert.True(cursor.Prev());
        Assert.Equal("1"u8, cursor.Value);
        Assert.True(cursor.SeekToLast());
        Assert.Equal("2"u8, cursor.Value);
    }

    [Fact]
    public void A_compaction_drops_what_has_expired_for_everybody_and_nothing_before()
    {
        PutFor("k"u8, new string('v', 1_000), milliseconds: 10);
        _store.Compact();
        Assert.Equal(1, Entries());
        using (_store.CreateSnapshot())
        {
            _clock.Advance(10);
            _store.Compact();
            Assert.Equal(1, Entries());
        }

        _store.Compact();
        Assert.Equal(0, Entries());
        Assert.Equal(0, _store.GetLevels().Sum(static level => level.Tables));
    }

    [Fact]
    public void A_compaction_that_must_still_hide_an_older_version_leaves_a_tombstone()
    {
        _store.Put("k"u8, "old"u8);
        _store.Compact();
        PutFor("k"u8, "new"u8, milliseconds: 10);
        _clock.Advance(10);
        _store.Flush();
        var level0 = _store.GetLevels()[0];
        Assert.Equal(1, level0.Tables);
        Assert.Null(Get("k"));
        _store.Compact();
        Assert.Null(Get("k"));
        Assert.Equal(0, Entries());
    }

    [Fact]
    public void Background_work_gives_the_space_of_expired_tables_back_unasked()
    {
        for (var i = 0; i < 1_000; i++)
        {
            PutFor(Encoding.UTF8.GetBytes($"key{i:D4}"), new string('v', 100), milliseconds: 1_000 + i);
        }

        _store.Compact();
        Rest();
        Assert.Equal(1_000, Entries());
        _clock.Advance(1_600);
        Rest();
        Assert.Equal(1_000 - 601, Entries());
        _clock.Advance(1_000);
        Rest();
        Assert.Equal(0, Entries());
    }

    [Fact]
    public void A_clock_put_back_does_not_bring_back_what_a_snapshot_could_lose()
    {
        PutFor("k"u8, "v"u8, milliseconds: 10);
        PutFor("l"u8, "v"u8, milliseconds: 500);
        _store.Flush();
        _clock.Advance(20);
        using var held = _store.CreateSnapshot();
        _store.Compact();
        _clock.Advance(-15);
        using var snapshot = _store.CreateSnapshot();
        Assert.Null(Get("k"));
        Assert.Equal(["l=v"], Dump(snapshot));
        _store.Compact();
        Assert.Equal(["l=v"], Dump(snapshot));
        Assert.Equal(["l=v"], Dump(held));
    }

    [Fact]
    public void What_a_compaction_has_judged_expired_stays_gone_when_the_clock_is_put_back()
    {
        PutFor("k"u8, "v"u8, milliseconds: 10);
        _clock.Advance(20);
        Assert.Null(Get("k"));
        _store.Compact("x"u8.ToArray());
        PutFor("l"u8, "v"u8, milliseconds: -5);
        Assert.Null(Get("l"));
        _clock.Advance(-15);
        Assert.Null(Get("k"));
        Assert.Null(Get("l"));
    }

    [Fact]
    public void An_expired_key_can_be_inserted_and_a_live_one_not()
    {
        PutFor("k"u8, "v"u8, milliseconds: 10);
        Assert.False(_store.TryInsert("k"u8, "w"u8));
        _clock.Advance(10);
        Assert.True(_store.TryInsert("k"u8, "w"u8));
        Assert.Equal("w", Get("k"));
    }

    [Fact]
    public void The_last_write_of_a_key_decides_whether_it_expires()
    {
        PutFor("a"u8, "1"u8, milliseconds: 10);
        _store.Put("a"u8, "2"u8);
        _store.Put("b"u8, "1"u8);
        PutFor("b"u8, "2"u8, milliseconds: 10);
        PutFor("c"u8, "1"u8, milliseconds: 10);
        PutFor("c"u8, "2"u8, milliseconds: 20);
        Assert.Equal(["a=2", "b=2", "c=2"], Dump());
        _clock.Advance(10);
        Assert.Equal(["a=2", "c=2"], Dump());
        _store.Compact();
        Assert.Equal(["a=2", "c=2"], Dump());
    }

    [Fact]
    public void A_range_delete_covers_entries_that_expire()
    {
        PutFor("a"u8, "1"u8, milliseconds: 1_000);
        PutFor("b"u8, "2"u8, milliseconds: 1_000);
        _store.DeleteRange("b"u8, "c"u8);
        Assert.Equal(["a=1"], Dump());
        _store.Compact();
        Assert.Equal(["a=1"], Dump());
        Assert.Equal(1, Entries());
    }

    [Fact]
    public void A_transaction_sees_its_own_entries_by_its_own_moment_and_rolls_them_back()
    {
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "1"u8, _clock.Now.AddMilliseconds(10));
        var savepoint = transaction.CreateSavepoint();
        transaction.Put("b"u8, "2"u8, _clock.Now.AddMilliseconds(-1));
        Assert.False(transaction.Contains("b"u8));
        transaction.Put("b"u8, "3"u8, _clock.Now.AddMilliseconds(20));
        _clock.Advance(15);
        Assert.True(transaction.TryGet("a"u8, out byte[]? value));
        Assert.Equal("1"u8, value);
        using (var cursor = transaction.CreateCursor())
        {
            Assert.True(cursor.SeekToFirst());
            Assert.Equal("1"u8, cursor.Value);
            Assert.Equal(2, cursor.CountRemaining());
        }

        transaction.RollbackTo(savepoint);
        transaction.Commit();
        Assert.Empty(Dump());
        _clock.Advance(-15);
        Assert.Equal(["a=1"], Dump());
    }

    [Fact]
    public void Two_transactions_conflict_on_a_key_that_expires()
    {
        using var first = _store.BeginTransaction();
        using var second = _store.BeginTransaction();
        first.Put("k"u8, "1"u8, _clock.Now.AddMilliseconds(-5));
        second.Put("k"u8, "2"u8);
        first.Commit();
        Assert.Throws<ConflictException>(() => second.Commit());
    }

    [Fact]
    public void Empty_keys_and_values_and_a_moment_in_the_past_are_legal()
    {
        PutFor(""u8, ""u8, milliseconds: 10);
        _store.Put("past"u8, "p"u8, DateTimeOffset.MinValue);
        _store.Put("far"u8, "f"u8, DateTimeOffset.MaxValue);
        Assert.Equal(["=", "far=f"], Dump());
        _store.Compact();
        Assert.Equal(["=", "far=f"], Dump());
    }

    [Fact]
    public void Nothing_expires_early_within_a_millisecond()
    {
        _store.Put("k"u8, "v"u8, _clock.Now.AddTicks(5));
        _clock.Now = _clock.Now.AddTicks(4);
        Assert.Equal("v", Get("k"));
        _clock.Advance(1);
        Assert.Null(Get("k"));
    }

    [Fact]
    public void The_format_is_raised_once_by_the_first_entry_that_expires_and_kept()
    {
        Assert.Equal(1, _store.FormatVersion);
        _store.Put("a"u8, "1"u8);
        Assert.Equal(1, _store.FormatVersion);
        PutFor("b"u8, "2"u8, milliseconds: 10);
        Assert.Equal(2, _store.FormatVersion);
        _clock.Advance(20);
        _store.Compact();
        Reopen();
        Assert.Equal(2, _store.FormatVersion);
    }

    [Fact]
    public void A_table_with_an_entry_that_expires_verifies_and_says_so()
    {
        PutFor("a"u8, "1"u8, milliseconds: 10);
        _store.Put("b"u8, "1"u8);
        _store.Flush();
        Assert.Empty(_store.Verify().Problems);
    }

    [Fact]
    public void The_expiry_stands_before_the_value()
    {
        Span<byte> stored = stackalloc byte[10];
        ExpiringValue.WritePrefix(stored, ExpiringValue.ToMilliseconds(ManualClock.Start));
        "xy"u8.CopyTo(stored[ExpiringValue.PrefixBytes..]);
        Assert.Equal("000001B8DAC5B4007879", Convert.ToHexString(stored));
    }

    private LsmStore Open() => LsmStore.OpenOn(_files, "/expiry", null, new LsmStoreOptions { Background = BackgroundMode.Manual, MemtableBytes = 64 << 10, Time = _clock, Seed = 3 });

    private void Reopen()
    {
        _store.Dispose();
        _store = Open();
    }

    private void Bring(string place)
    {
        switch (place)
        {
            case "frozen":
                // A put that meets a full memtable freezes it.
                _store.Put("zz"u8, new byte[70 << 10]);
                _store.Delete("zz"u8);
                break;
            case "level 0":
                _store.Flush();
                break;
            case "bottom":
                _store.Compact();
                break;
            case "reopened":
                Reopen();
                break;
            case "replayed":
                // The old store still holds its files, so what it has not flushed is found in a copy of them.
                var copy = FileContents.CopyOf(_files, "/expiry");
                _store.Dispose();
                _store = LsmStore.OpenOn(copy, "/expiry", null, _store.Options);
                break;
        }
    }

    private void PutFor(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, int milliseconds) => _store.Put(key, value, _clock.Now.AddMilliseconds(milliseconds));

    private void PutFor(ReadOnlySpan<byte> key, string value, int milliseconds) => PutFor(key, Encoding.UTF8.GetBytes(value), milliseconds);

    private string? Get(string key) => _store.TryGet(Encoding.UTF8.GetBytes(key), out byte[]? value) ? Encoding.UTF8.GetString(value) : null;

    private long Entries() => _store.GetLevels().Sum(static level => level.Entries);

    private void Rest()
    {
        while (_store.RunBackgroundStep())
        {
            // Every step is counted by what it leaves.
        }
    }

    private long Count()
    {
        using var cursor = _store.CreateCursor();
        cursor.SeekToFirst();
        return cursor.CountRemaining();
    }

    private List<string> Dump(Snapshot? snapshot = null)
    {
        var forward = new List<string>();
        using var cursor = _store.CreateCursor(new CursorOptions { Snapshot = snapshot });
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            forward.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }

        var backward = new List<string>();
        for (cursor.SeekToLast(); cursor.IsValid; cursor.Prev())
        {
            backward.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }

        backward.Reverse();
        Assert.Equal(forward, backward);
        return forward;
    }
}
