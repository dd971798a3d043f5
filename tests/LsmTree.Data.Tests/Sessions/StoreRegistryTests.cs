using LsmTree.Data.Sessions;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Sessions;

public sealed class StoreRegistryTests : IDisposable
{
    private readonly StoreFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly StoreRegistry _registry;

    public StoreRegistryTests() => _registry = new StoreRegistry(_time);

    public void Dispose()
    {
        _registry.CloseIdle(null);
        _folder.Dispose();
    }

    [Fact]
    public void Sessions_of_one_directory_share_one_engine()
    {
        using var first = Open(_folder.Settings);
        using var second = Open(_folder.Settings);

        Assert.Same(first.Store, second.Store);
        Assert.Equal(1, _registry.OpenCount);
    }

    [Fact]
    public void Different_spellings_are_one_directory()
    {
        Directory.CreateDirectory(_folder.Path);
        var link = Path.Combine(_folder.Root, "link");
        Directory.CreateSymbolicLink(link, _folder.Path);
        using var first = Open(_folder.Settings);
        using var second = Open(_folder.Settings with { DataSource = Path.Combine(_folder.Root, ".", "store") + Path.DirectorySeparatorChar });
        using var third = Open(_folder.Settings with { DataSource = link });

        Assert.Same(first.Store, second.Store);
        Assert.Same(first.Store, third.Store);
    }

    [Fact]
    public void The_engine_closes_with_its_last_session_when_it_is_not_pooled()
    {
        var first = Open(_folder.Settings);
        var second = Open(_folder.Settings);
        first.Dispose();
        Assert.Equal(1, _registry.OpenCount);

        second.Dispose();

        Assert.Equal(0, _registry.OpenCount);
        LsmStore.Open(_folder.Path).Dispose(); // not locked any more
    }

    [Fact]
    public void A_pooled_engine_stays_until_its_idle_timeout()
    {
        var first = Open(_folder.Pooled);
        var engine = first.Store;
        first.Dispose();
        _time.Advance(TimeSpan.FromSeconds(59));
        using (var second = Open(_folder.Pooled))
        {
            Assert.Same(engine, second.Store);
            _time.Advance(TimeSpan.FromSeconds(600));
            Assert.Equal(1, _registry.OpenCount);
        }

        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _registry.OpenCount);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _registry.OpenCount);
    }

    [Fact]
    public void Closing_idle_engines_leaves_those_in_use()
    {
        Open(_folder.Pooled).Dispose();
        using var other = new StoreFolder();
        using (Open(other.Settings))
        {
            _registry.CloseIdle(null);

            Assert.Equal(1, _registry.OpenCount);
        }

        LsmStore.Open(_folder.Path).Dispose();
    }

    [Fact]
    public void An_engine_in_use_that_was_to_close_closes_with_its_last_session()
    {
        var first = Open(_folder.Pooled);
        var second = Open(_folder.Pooled);
        _registry.CloseIdle(_folder.Pooled);
        first.Dispose();
        Assert.Equal(1, _registry.OpenCount);

        second.Dispose();

        Assert.Equal(0, _registry.OpenCount);
        Open(_folder.Pooled).Dispose();
        Assert.Equal(1, _registry.OpenCount); // the next engine is pooled again
    }

    [Fact]
    public void Closing_idle_engines_of_a_directory_leaves_others()
    {
        using var other = new StoreFolder();
        Open(_folder.Pooled).Dispose();
        Open(other.Pooled).Dispose();

        _registry.CloseIdle(_folder.Pooled);

        Assert.Equal(1, _registry.OpenCount);
        _registry.CloseIdle(null);
    }

    [Fact]
    public void A_second_session_may_not_ask_for_another_engine()
    {
        using var first = Open(_folder.Settings with { MemtableBytes = 1 << 20 });

        var error = Assert.Throws<LsmException>(() => Open(_folder.Settings with { MemtableBytes = 2 << 20 }));

        Assert.Equal(LsmErrorCode.OptionsConflict, error.Code);
        Assert.Contains("Memtable Size=2097152", error.Message, StringComparison.Ordinal);
        Assert.Contains("Memtable Size=1048576", error.Message, StringComparison.Ordinal);
        using var third = Open(_folder.Settings);
        Assert.Same(first.Store, third.Store);
    }

    [Fact]
    public void An_idle_engine_gives_way_to_other_options()
    {
        Open(_folder.Pooled with { MemtableBytes = 1 << 20 }).Dispose();

        using var second = Open(_folder.Pooled with { MemtableBytes = 2 << 20 });

        Assert.Equal(2 << 20, second.Store.Options.MemtableBytes);
    }

    [Fact]
    public void A_directory_that_does_not_exist_is_named_in_full()
    {
        var error = Assert.Throws<LsmException>(() => Open(_folder.Settings with { Mode = OpenMode.ReadWrite }));

        Assert.Equal(LsmErrorCode.NotAStore, error.Code);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _registry.OpenCount);
        Assert.False(Directory.Exists(_folder.Path));
    }

    [Fact]
    public void A_locked_store_is_waited_for_until_the_timeout_and_leaves_nothing_behind()
    {
        var registry = new StoreRegistry(TimeProvider.System);
        using (LsmStore.Open(_folder.Path))
        {
            var error = Assert.Throws<LsmException>(() => Session.Open(_folder.Settings, registry, CancellationToken.None));
            Assert.Equal(LsmErrorCode.StoreLocked, error.Code);
            Assert.True(error.IsTransient);
            Assert.Equal(0, registry.OpenCount);
        }

        Session.Open(_folder.Settings, registry, CancellationToken.None).Dispose();
    }

    [Fact]
    public void A_read_only_session_on_a_writable_engine_refuses_to_write()
    {
        using var writer = Open(_folder.Settings);
        writer.Run("INSERT INTO kv VALUES ('a', 1)");
        using var reader = Open(_folder.Settings with { Mode = OpenMode.ReadOnly });

        Assert.Equal(1, reader.Long("SELECT v FROM kv WHERE k = 'a'"));
        foreach (var text in new[] { "INSERT INTO kv VALUES ('b', 1)", "UPSERT INTO kv VALUES ('b', 1)", "DELETE FROM kv", "CREATE TABLE t (a INT PRIMARY KEY)", "TRUNCATE kv", "FLUSH" })
        {
            Assert.Equal("25006", Assert.Throws<LsmException>(() => reader.Run(text)).SqlState);
        }
    }

    [Fact]
    public void A_private_memory_is_private_and_a_named_one_is_shared_by_name()
    {
        var memory = _folder.Settings with { InMemory = true, DataSource = ":memory:" };
        using var first = Open(memory);
        using var second = Open(memory);
        Assert.NotSame(first.Store, second.Store);

        var named = memory with { DataSource = "shared" };
        using var third = Open(named);
        using (var fourth = Open(named))
        {
            Assert.Same(third.Store, fourth.Store);
        }

        using var fifth = Open(named with { DataSource = "other" });
        Assert.NotSame(third.Store, fifth.Store);
    }

    [Fact]
    public void Many_threads_opening_and_closing_one_directory_end_with_nothing_open()
    {
        var registry = new StoreRegistry(TimeProvider.System);
        var settings = _folder.Settings with { Timeout = TimeSpan.FromSeconds(30) };
        var threads = Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            for (var i = 0; i < 5; i++)
            {
                using var session = Session.Open(settings, registry, CancellationToken.None);
                session.Run($"UPSERT INTO kv VALUES ({number}, {i})");
            }
        })).ToArray();
        foreach (var thread in threads)
        {
            thread.Start();
        }

        foreach (var thread in threads)
        {
            thread.Join();
        }

        Assert.Equal(0, registry.OpenCount);
        using var last = Session.Open(settings, registry, CancellationToken.None);
        Assert.Equal(4, last.Long("SELECT COUNT(*) FROM kv"));
    }

    private Session Open(SessionSettings settings) => Session.Open(settings, _registry, CancellationToken.None);
}
