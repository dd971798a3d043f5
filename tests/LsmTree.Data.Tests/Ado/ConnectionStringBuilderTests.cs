using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

public sealed class ConnectionStringBuilderTests
{
    [Fact]
    public void Defaults_are_those_of_the_documentation()
    {
        var builder = new LsmConnectionStringBuilder();
        Assert.Equal("", builder.DataSource);
        Assert.Equal(LsmOpenMode.ReadWriteCreate, builder.Mode);
        Assert.Equal(Durability.Full, builder.Synchronous);
        Assert.Equal(30, builder.DefaultTimeout);
        Assert.True(builder.Pooling);
        Assert.Equal(60, builder.EngineIdleTimeout);
        Assert.Null(builder.MemoryBudget);
        Assert.Null(builder.MemtableSize);
        Assert.Null(builder.Compression);
        Assert.False(builder.IgnoreCommandTransaction);
        Assert.True(builder.AllowFullScan);
        Assert.False(builder.Enlist);
        Assert.Equal("", builder.Name);
        Assert.Equal("", builder.ConnectionString);
    }

    [Theory]
    [InlineData("Data Source=x")]
    [InlineData("datasource=x")]
    [InlineData("PATH = x")]
    [InlineData("Filename=x;")]
    [InlineData(" Directory =x")]
    public void Every_synonym_names_the_data_source(string text) => Assert.Equal("x", new LsmConnectionStringBuilder(text).DataSource);

    [Fact]
    public void Other_keywords_have_synonyms_too()
    {
        var builder = new LsmConnectionStringBuilder("Sync=Normal;Command Timeout=7;Connection Idle Lifetime=8");
        Assert.Equal(Durability.Normal, builder.Synchronous);
        Assert.Equal(7, builder.DefaultTimeout);
        Assert.Equal(8, builder.EngineIdleTimeout);
    }

    [Fact]
    public void Keywords_and_synonyms_of_several_words_may_be_written_as_one()
    {
        var builder = new LsmConnectionStringBuilder();
        foreach (var (keyword, value) in ((string, string)[])
            [
                ("Data Source", "x"), ("Default Timeout", "7"), ("Command Timeout", "7"), ("Engine Idle Timeout", "8"), ("Connection Idle Lifetime", "8"), ("Memory Budget", "64MB"),
                ("Memtable Size", "1MB"), ("Ignore Command Transaction", "true"), ("Allow Full Scan", "false"),
            ])
        {
            builder.Clear();
            builder[keyword.Replace(" ", "", StringComparison.Ordinal)] = value;
            var asOne = builder.ConnectionString;
            builder.Clear();
            builder[keyword] = value;
            Assert.Equal(builder.ConnectionString, asOne);
        }
    }

    [Fact]
    public void Properties_come_back_through_the_text()
    {
        var builder = new LsmConnectionStringBuilder
        {
            DataSource = "/data;with=odd signs",
            Mode = LsmOpenMode.ReadOnly,
            Synchronous = Durability.Normal,
            DefaultTimeout = 5,
            Pooling = false,
            EngineIdleTimeout = 0,
            MemoryBudget = 64L << 20,
            MemtableSize = 1L << 20,
            Compression = Compression.Brotli,
            IgnoreCommandTransaction = true,
            AllowFullScan = false,
            Name = "orders",
        };
        var copy = new LsmConnectionStringBuilder(builder.ConnectionString);
        Assert.Equal(builder.DataSource, copy.DataSource);
        Assert.Equal(LsmOpenMode.ReadOnly, copy.Mode);
        Assert.Equal(Durability.Normal, copy.Synchronous);
        Assert.Equal(5, copy.DefaultTimeout);
        Assert.False(copy.Pooling);
        Assert.Equal(0, copy.EngineIdleTimeout);
        Assert.Equal(64L << 20, copy.MemoryBudget);
        Assert.Equal(1L << 20, copy.MemtableSize);
        Assert.Equal(Compression.Brotli, copy.Compression);
        Assert.True(copy.IgnoreCommandTransaction);
        Assert.False(copy.AllowFullScan);
        Assert.Equal("orders", copy.Name);
        Assert.True(builder.EquivalentTo(copy));
    }

    [Theory]
    [InlineData("Memory Budget=2097152", 2097152)]
    [InlineData("Memory Budget=64KB;Memory Budget=2MB", 2097152)]
    [InlineData("memory budget = 1 GiB", 1L << 30)]
    [InlineData("Memory Budget=1024k", 1 << 20)]
    public void Sizes_take_units(string text, long expected) => Assert.Equal(expected, LastWins(text).MemoryBudget);

    [Theory]
    [InlineData("Mode=ReadWriteCrate")]
    [InlineData("Mode=")]
    [InlineData("Mode=7")]
    [InlineData("Synchronous=Sometimes")]
    [InlineData("Default Timeout=-1")]
    [InlineData("Default Timeout=1.5")]
    [InlineData("Default Timeout=99999999999")]
    [InlineData("Pooling=perhaps")]
    [InlineData("Memtable Size=1KB")]
    [InlineData("Memtable Size=2GB")]
    [InlineData("Memory Budget=99999999999999999999GB")]
    [InlineData("Memory Budget=8ZB")]
    [InlineData("Memory Budget=-1")]
    public void Values_are_checked_when_they_are_set(string text)
    {
        if (text == "Mode=")
        {
            Assert.Equal(LsmOpenMode.ReadWriteCreate, new LsmConnectionStringBuilder(text).Mode);
            return;
        }

        var error = Assert.Throws<ArgumentException>(() => new LsmConnection(text));
        Assert.Contains(text[..text.IndexOf('=', StringComparison.Ordinal)], error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Memory Budget=1MB", "1048576", "3145728", "349525")]
    [InlineData("Memory Budget=3145727", "1048576", "3145728", "1048575")]
    [InlineData("Memory Budget=64MB;Memtable Size=32MB", "33554432", "100663296", "22369621")]
    [InlineData("Memtable Size=1GB;Memory Budget=1GB", "1073741824", "3221225472", "357913941")]
    public void A_budget_that_three_memtables_exceed_is_refused_with_what_would_fit(string text, string memtable, string least, string greatest)
    {
        foreach (var act in new Action[] { () => _ = new LsmConnection("Data Source=x;" + text), () => LsmDataSource.Create("Data Source=x;" + text), () => _ = new LsmConnection { ConnectionString = text } })
        {
            var error = Assert.Throws<ArgumentException>(act);
            Assert.Contains($"3 memtables of {memtable} bytes", error.Message, StringComparison.Ordinal);
            Assert.Contains($"raise it to {least} or more, or set 'Memtable Size' to {greatest} or less", error.Message, StringComparison.Ordinal);
        }

        Assert.NotNull(new LsmConnectionStringBuilder(text)); // a builder is given its values one after another
    }

    [Theory]
    [InlineData("Memory Budget=3MB", 1L << 20, 0)]
    [InlineData("Memory Budget=1MB;Memtable Size=64KB", 64L << 10, (1L << 20) - (192L << 10))]
    [InlineData("Memory Budget=96MB;Memtable Size=32MB", 32L << 20, 0)]
    [InlineData("Memory Budget=80MB", 10L << 20, 50L << 20)]
    [InlineData("Memory Budget=8GB", 64L << 20, (8L << 30) - (192L << 20))]
    public void A_budget_is_shared_by_three_memtables_and_the_cache(string text, long memtable, long cache)
    {
        using var connection = new LsmConnection("Data Source=:memory:;" + text);
        connection.Open();
        Assert.Equal(memtable, connection.Store.Options.MemtableBytes);
        Assert.Equal(cache, connection.Store.Options.BlockCacheBytes);
    }

    [Theory]
    [InlineData("Sychronous=Full", "Synchronous")]
    [InlineData("Data Sorce=x", "Data Source")]
    [InlineData("Comand Timeout=3", "Command Timeout")]
    public void An_unknown_keyword_names_the_nearest(string text, string nearest)
    {
        var error = Assert.Throws<ArgumentException>(() => new LsmConnectionStringBuilder(text));
        Assert.Contains($"'{nearest}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Enlist_is_refused_and_not_ignored()
    {
        Assert.Throws<NotSupportedException>(() => new LsmConnection("Data Source=x;Enlist=true"));
        Assert.False(new LsmConnectionStringBuilder("Enlist=false").Enlist);
    }

    [Fact]
    public void Keywords_are_there_whether_set_or_not()
    {
        var builder = new LsmConnectionStringBuilder("Data Source=x");
        Assert.True(builder.ContainsKey("command timeout"));
        Assert.False(builder.ContainsKey("xyzzy"));
        Assert.True(builder.TryGetValue("Pooling", out var pooling));
        Assert.Equal(true, pooling);
        Assert.False(builder.TryGetValue("xyzzy", out _));
        Assert.False(builder.ShouldSerialize("Pooling"));
        Assert.True(builder.ShouldSerialize("Path"));
        Assert.True(builder.Remove("Path"));
        Assert.False(builder.Remove("Path"));
        Assert.False(builder.Remove("xyzzy"));
        Assert.Equal("", builder.ConnectionString);
        Assert.Equal(builder.Keys.Count, builder.Values.Count);
    }

    [Fact]
    public void A_value_set_to_null_returns_to_its_default()
    {
        var builder = new LsmConnectionStringBuilder("Pooling=false") { ["Pooling"] = null };
        Assert.True(builder.Pooling);
    }

    [Fact]
    public void A_failed_text_leaves_the_builder_as_it_was()
    {
        var builder = new LsmConnectionStringBuilder("Data Source=x");
        Assert.Throws<ArgumentException>(() => builder.ConnectionString = "Data Source=y;xyzzy=1");
        Assert.Equal("x", builder.DataSource);
    }

    private static LsmConnectionStringBuilder LastWins(string text)
    {
        var builder = new LsmConnectionStringBuilder();
        foreach (var part in text.Split(';'))
        {
            try
            {
                builder.ConnectionString = part;
            }
            catch (ArgumentException)
            {
                Assert.Contains("64KB", part, StringComparison.Ordinal); // below the smallest budget
            }
        }

        return builder;
    }
}
