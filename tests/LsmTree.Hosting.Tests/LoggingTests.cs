using LsmTree.Data;
using LsmTree.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LsmTree.Hosting.Tests;

public sealed class LoggingTests
{
    [Fact]
    public void Slow_statements_and_the_engine_s_events_are_logged_when_logging_is_registered()
    {
        using var logs = new RememberedLogs();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(logs);
        services.AddLsmDataSource("Data Source=:memory:;Name=orders", static builder => builder.SlowStatementThreshold = TimeSpan.Zero);
        using (var provider = services.BuildServiceProvider())
        {
            using var connection = provider.GetRequiredService<LsmConnection>();
            connection.Open();
            Execute(connection, "INSERT INTO kv VALUES (1, 'secret')");
            Execute(connection, "FLUSH");
            Execute(connection, "INSERT INTO kv VALUES (2, 'secret')");
            Execute(connection, "COMPACT");
        }

        var slow = logs.Of(1001)[0];
        Assert.Equal(("LsmTree.Data", LogLevel.Warning), (slow.Category, slow.Level));
        Assert.StartsWith("orders: a statement took ", slow.Message, StringComparison.Ordinal);
        Assert.EndsWith(" ms: INSERT INTO kv VALUES (?, ?)", slow.Message, StringComparison.Ordinal);
        var recovery = Assert.Single(logs.Of(2001));
        Assert.Equal(("LsmTree.Storage", LogLevel.Information), (recovery.Category, recovery.Level));
        Assert.Matches(@"^orders: open after [\d.]+ ms, with 0 tables and 0 entries from the log$", recovery.Message);
        Assert.Equal(LogLevel.Debug, logs.Of(2002)[0].Level);
        Assert.Matches(@"^orders: flushed \d+ entries to \d+ bytes in [\d.]+ ms$", logs.Of(2002)[0].Message);
        Assert.Contains(logs.Of(2003), static entry => entry.Message.Contains("(Manual)", StringComparison.Ordinal));
        Assert.DoesNotContain(logs.Entries, static entry => entry.Message.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_slow_statement_carries_its_error()
    {
        using var logs = new RememberedLogs();
        using var source = new LsmDataSourceBuilder("Data Source=:memory:") { SlowStatementThreshold = TimeSpan.Zero }.UseLoggerFactory(logs).Build();
        using var connection = source.OpenConnection();
        Assert.Throws<LsmException>(() => Execute(connection, "SELECT nothing FROM kv"));
        Assert.Equal("42703", Assert.IsType<LsmException>(Assert.Single(logs.Of(1001)).Error).SqlState);
    }

    [Fact]
    public void Fast_statements_are_not_logged()
    {
        using var logs = new RememberedLogs();
        using var source = new LsmDataSourceBuilder("Data Source=:memory:") { SlowStatementThreshold = TimeSpan.FromDays(1) }.UseLoggerFactory(logs).Build();
        using var connection = source.OpenConnection();
        Execute(connection, "SELECT 1");
        Assert.Empty(logs.Of(1001));
    }

    [Fact]
    public void Stalls_and_background_errors_have_messages_of_their_own()
    {
        using var logs = new RememberedLogs();
        var events = new LsmDataSourceBuilder("Data Source=./data").UseLoggerFactory(logs).Events!;
        events.OnStallBegan();
        events.OnStallEnded(TimeSpan.FromMilliseconds(1500));
        events.OnBackgroundError(new IOException("The disk is gone."));

        Assert.Equal([(2004, LogLevel.Warning), (2005, LogLevel.Information), (2006, LogLevel.Error)], logs.Entries.Select(static entry => (entry.Id.Id, entry.Level)));
        Assert.Equal("./data: a write goes on after 1500.0 ms", logs.Of(2005)[0].Message);
        Assert.Equal("The disk is gone.", logs.Of(2006)[0].Error!.Message);
    }

    [Fact]
    public void Without_logging_nothing_is_watched()
    {
        var services = new ServiceCollection();
        LsmDataSourceBuilder? built = null;
        services.AddLsmDataSource("Data Source=:memory:", builder => built = builder);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<LsmDataSource>();
        Assert.Null(built!.SlowStatements);
        Assert.Null(built.Events);
    }

    private static void Execute(LsmConnection connection, string text)
    {
        using var command = new LsmCommand(text, connection);
        command.ExecuteNonQuery();
    }
}
