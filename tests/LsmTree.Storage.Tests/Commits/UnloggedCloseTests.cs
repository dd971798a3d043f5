using System.Collections.Concurrent;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Commits;

/// <summary>A store without a log (<see cref="Durability.Off"/>) that cannot flush when it is closed: the loss is told, and <see cref="LsmStore.Flush"/> is the call that throws it.</summary>
public sealed class UnloggedCloseTests
{
    private static readonly LsmStoreOptions s_options = new() { Durability = Durability.Off, Seed = 1 };

    [Theory]
    [InlineData(BackgroundMode.Threads, false)]
    [InlineData(BackgroundMode.Threads, true)]
    [InlineData(BackgroundMode.Manual, false)]
    [InlineData(BackgroundMode.Manual, true)]
    public void A_failed_flush_at_close_is_told_as_a_loss_and_not_thrown(BackgroundMode background, bool isFull)
    {
        var files = new FaultyFileSystem();
        var errors = new ErrorListener();
        var store = LsmStore.OpenOn(files, "/db", null, s_options with { Background = background, Events = errors });
        store.Put("a"u8, "1"u8);
        files.FailOn(FileOperation.Create, ".sst", () => isFull ? new StoreFullException("full") : new IOException("the disk said no"), sticky: true);
        store.Dispose();
        var loss = Assert.Single(errors.Seen.OfType<StoreFailedException>(), static error => error.Message.Contains("is lost", StringComparison.Ordinal));
        Assert.Contains(isFull ? "full" : "the disk said no", loss.Message, StringComparison.Ordinal);
        Assert.NotNull(store.GetStatistics().Failure);
        files.ClearFaults();
        using var reopened = LsmStore.OpenOn(files, "/db", null, s_options);
        Assert.False(reopened.Contains("a"u8));
    }

    [Theory]
    [InlineData(BackgroundMode.Threads)]
    [InlineData(BackgroundMode.Manual)]
    public void Flush_before_the_close_throws_what_the_close_would_only_tell(BackgroundMode background)
    {
        var files = new FaultyFileSystem();
        var errors = new ErrorListener();
        var store = LsmStore.OpenOn(files, "/db", null, s_options with { Background = background, Events = errors });
        store.Put("a"u8, "1"u8);
        files.FailOn(FileOperation.Sync, ".sst", static () => new IOException("the disk said no"), sticky: true);
        var error = Assert.ThrowsAny<Exception>(() => store.Flush());
        Assert.Contains("the disk said no", error.Message, StringComparison.Ordinal);
        store.Dispose();
        Assert.Contains(errors.Seen, static told => told.Message.Contains("is lost", StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_is_told_when_nothing_is_lost()
    {
        var files = new FaultyFileSystem();
        var errors = new ErrorListener();
        var flushed = LsmStore.OpenOn(files, "/flushed", null, s_options with { Background = BackgroundMode.Manual, Events = errors });
        flushed.Put("a"u8, "1"u8);
        flushed.Flush();
        files.FailOn(FileOperation.Create, ".sst", sticky: true);
        flushed.Dispose();
        Assert.Empty(errors.Seen);

        // What has a log is in it: the next open replays it.
        files.ClearFaults();
        var logged = LsmStore.OpenOn(files, "/logged", null, s_options with { Background = BackgroundMode.Manual, Durability = Durability.Normal, Events = errors });
        logged.Put("a"u8, "1"u8);
        files.FailOn(FileOperation.Create, ".sst", sticky: true);
        logged.Dispose();
        Assert.Empty(errors.Seen);
        files.ClearFaults();
        using var reopened = LsmStore.OpenOn(files, "/logged", null, s_options);
        Assert.True(reopened.Contains("a"u8));
    }

    private sealed class ErrorListener : StoreEventListener
    {
        public ConcurrentQueue<Exception> Seen { get; } = [];

        public override void OnBackgroundError(Exception error) => Seen.Enqueue(error);
    }
}
