namespace LsmTree.Data.Tests.Ado;

/// <summary>The rules of a run, without any store: who may cancel what, and what the caller then sees.</summary>
public sealed class CommandRunTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CommandRun _run;

    public CommandRunTests() => _run = new CommandRun(_clock);

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
    public void A_cancel_that_means_an_execution_of_one_run_does_not_hit_one_of_another()
    {
        using var other = new CommandRun(_clock);
        for (var round = 0; round < 3; round++)
        {
            var mine = _run.Start(0, CancellationToken.None);
            other.Start(0, CancellationToken.None);
            other.Cancel(mine);
            Assert.False(other.Limits.Cancellation.IsCancellationRequested);
            _run.Finish();
            other.Finish();
        }
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

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    public void A_call_that_runs_for_the_whole_timeout_is_cancelled_at_most_a_quarter_late(int timeout)
    {
        foreach (var before in new[] { 30, 1, 7 })
        {
            // The timer goes on ticking from the execution before, at its pace.
            _run.Start(before, CancellationToken.None);
            _clock.Advance(TimeSpan.FromMilliseconds(130));
            _run.Finish();
            _run.Start(timeout, CancellationToken.None);
            _clock.Advance(TimeSpan.FromSeconds(timeout));
            Assert.False(_run.Limits.Cancellation.IsCancellationRequested);
            _clock.Advance(TimeSpan.FromSeconds(timeout / 4.0) + TimeSpan.FromSeconds(0.5));
            Assert.True(_run.Limits.Cancellation.IsCancellationRequested);
            Assert.True(_run.Limits.TimedOut!());
            var seen = Assert.IsType<LsmException>(_run.Translate(new OperationCanceledException()));
            Assert.Equal(LsmErrorCode.Canceled, seen.Code);
            Assert.Contains($"{timeout} s", seen.Message, StringComparison.Ordinal);
            _run.Finish();
        }
    }

    [Fact]
    public void Time_between_calls_does_not_count()
    {
        _run.Start(1, CancellationToken.None);
        _run.EndCall();
        for (var call = 0; call < 100; call++)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            _run.BeginCall();
            _clock.Advance(TimeSpan.FromMilliseconds(900));
            _run.EndCall();
        }

        Assert.False(_run.Limits.Cancellation.IsCancellationRequested);
        _run.BeginCall();
        _clock.Advance(TimeSpan.FromMilliseconds(1_500));
        Assert.True(_run.Limits.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public void Short_executions_do_not_touch_the_timer_and_an_idle_run_has_none()
    {
        for (var execution = 0; execution < 10_000; execution++)
        {
            _run.Start(30, CancellationToken.None);
            _run.Finish();
        }

        Assert.Equal(2, _clock.Changes); // made, and armed once
        Assert.Equal(1, _clock.ArmedTimers);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, _clock.ArmedTimers);
        _run.Start(30, CancellationToken.None);
        Assert.Equal(1, _clock.ArmedTimers);
    }

    [Fact]
    public void Without_a_timeout_there_is_no_timer()
    {
        _run.Start(0, CancellationToken.None);
        Assert.Equal(0, _clock.Changes);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(_run.Limits.Cancellation.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancelling_and_finishing_at_once_never_breaks_the_next_execution()
    {
        for (var round = 0; round < 2_000; round++)
        {
            var execution = _run.Start(0, CancellationToken.None);
            var cancelling = Task.Run(() => _run.Cancel(execution), TestContext.Current.CancellationToken);
            Thread.Yield();
            _run.Finish();
            _run.Start(0, CancellationToken.None);
            Assert.False(_run.Limits.Cancellation.IsCancellationRequested, $"round {round}");
            await cancelling; // which may have come too late for its execution, and must not meet the next
            Assert.False(_run.Limits.Cancellation.IsCancellationRequested, $"round {round}, afterwards");
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
