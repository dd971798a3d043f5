namespace LsmTree.Data.Tests.Ado;

/// <summary>The rules of a run, without any store: who may cancel what, and what the caller then sees.</summary>
public sealed class CommandRunTests : IDisposable
{
    private readonly CommandRun _run = new();

    [Fact]
    public void A_late_cancel_does_not_hit_the_next_execution()
    {
        var first = _run.Start(0, CancellationToken.None);
        _run.Finish();
        _run.Start(0, CancellationToken.None);
        _run.Cancel(first);
        Assert.False(_run.Limits.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public void A_cancelled_source_is_not_used_again()
    {
        var execution = _run.Start(0, CancellationToken.None);
        var token = _run.Limits.Cancellation;
        _run.Cancel(execution);
        Assert.True(token.IsCancellationRequested);
        Assert.False(_run.Limits.TimedOut!());
        _run.Finish();
        _run.Start(0, CancellationToken.None);
        Assert.False(_run.Limits.Cancellation.IsCancellationRequested);
        Assert.NotEqual(token, _run.Limits.Cancellation);
    }

    [Fact]
    public void An_execution_that_was_not_cancelled_leaves_the_source_to_the_next()
    {
        _run.Start(30, CancellationToken.None);
        var token = _run.Limits.Cancellation;
        _run.Finish();
        _run.Start(30, CancellationToken.None);
        Assert.Equal(token, _run.Limits.Cancellation);
    }

    [Fact]
    public void The_callers_token_cancels_and_is_named_in_the_exception()
    {
        using var source = new CancellationTokenSource();
        _run.Start(0, source.Token);
        Assert.True(_run.Watches(source.Token));
        source.Cancel();
        Assert.True(_run.Limits.Cancellation.IsCancellationRequested);
        var seen = Assert.IsType<OperationCanceledException>(_run.Translate(new OperationCanceledException()));
        Assert.Equal(source.Token, seen.CancellationToken);
    }

    [Fact]
    public void A_token_that_is_cancelled_later_does_not_hit_the_next_execution()
    {
        using var source = new CancellationTokenSource();
        _run.Start(0, source.Token);
        _run.Finish();
        _run.Start(0, CancellationToken.None);
        source.Cancel();
        Assert.False(_run.Limits.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public void A_call_that_runs_for_the_whole_timeout_is_cancelled()
    {
        _run.Start(1, CancellationToken.None);
        Assert.True(_run.Limits.Cancellation.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)));
        Assert.True(_run.Limits.TimedOut!());
        Assert.Equal(LsmErrorCode.Canceled, Assert.IsType<LsmException>(_run.Translate(new OperationCanceledException())).Code);
    }

    [Fact]
    public void Cancelling_and_finishing_at_once_never_breaks_the_next_execution()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var execution = _run.Start(0, CancellationToken.None);
            var cancelling = ThreadPool.UnsafeQueueUserWorkItem(_ => _run.Cancel(execution), null);
            Assert.True(cancelling);
            Thread.Yield();
            _run.Finish();
            _run.Start(0, CancellationToken.None);
            Assert.False(_run.Limits.Cancellation.IsCancellationRequested, $"round {round}");
            _run.Finish();
        }
    }

    [Theory]
    [InlineData("@name", "name")]
    [InlineData(":name", "name")]
    [InlineData("$name", "name")]
    [InlineData("?1", "1")]
    [InlineData("name", "name")]
    [InlineData("", "")]
    public void Names_lose_their_prefix_and_keep_their_identity(string given, string bare)
    {
        var first = _run.BareName(7, given);
        Assert.Equal(bare, first);
        Assert.Same(first, _run.BareName(7, given));
    }

    public void Dispose() => _run.Dispose();
}
