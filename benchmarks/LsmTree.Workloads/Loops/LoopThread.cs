using System.Diagnostics;
using LsmTree.Workloads.Measuring;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Loops;

/// <summary>Repeats one worker's operation and times it.</summary>
/// <remarks>
/// <para>Without a rate the loop is closed: an operation begins when the one before it has ended, and its latency is its own duration. A pause of the
/// store then shows once, however many operations a busy client would have wanted to begin meanwhile: that is coordinated omission, and such figures
/// say how long a call takes, not how long users would wait.</para>
/// <para>With a rate, operations are due at fixed moments, and a latency runs from the moment the operation was due: an operation that was late
/// because those before it were slow counts as slow, so nothing is omitted.</para>
/// </remarks>
internal sealed class LoopThread(Worker worker, LoopSettings settings)
{
    private const double NanosecondsPerSecond = 1e9;

    private static readonly double s_nanosecondsPerTick = NanosecondsPerSecond / Stopwatch.Frequency;

    private volatile bool _stop;

    public LatencyHistogram Latency { get; } = new();

    public long Operations { get; private set; }

    /// <summary>The clock before the first operation, in its own ticks.</summary>
    public long StartedAt { get; private set; }

    /// <summary>The clock at the end of the last operation, in its own ticks.</summary>
    public long EndedAt { get; private set; }

    /// <summary>Ends the loop after the present operation that is timed.</summary>
    public void Stop() => _stop = true;

    /// <summary>Does every <paramref name="stride"/>-th operation of [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Run(long from, long to, int stride)
    {
        var start = StartedAt = Stopwatch.GetTimestamp();
        var deadline = settings.MaxSeconds is { } seconds ? start + (long)Math.Min(seconds * Stopwatch.Frequency, long.MaxValue / 2) : long.MaxValue;
        if (settings.Rate is { } rate)
        {
            RunAtRate(from, to, stride, start, deadline, Stopwatch.Frequency * stride / rate);
        }
        else
        {
            RunClosed(from, to, stride, start, deadline);
        }
    }

    private void RunClosed(long from, long to, int stride, long start, long deadline)
    {
        var timeOneIn = settings.TimeOneIn;
        var countdown = timeOneIn;
        var last = start;
        for (var index = from; index < to; index += stride)
        {
            Operations++;
            if (--countdown > 0)
            {
                worker.Do(index);
                continue;
            }

            countdown = timeOneIn;
            // Back to back, the end of one operation is the beginning of the next: one look at the clock each.
            var began = timeOneIn == 1 ? last : Stopwatch.GetTimestamp();
            worker.Do(index);
            last = Stopwatch.GetTimestamp();
            Latency.Record(ToNanoseconds(last - began));
            if (last >= deadline || _stop)
            {
                break;
            }
        }

        EndedAt = Stopwatch.GetTimestamp();
    }

    private void RunAtRate(long from, long to, int stride, long start, long deadline, double ticksBetween)
    {
        var done = 0L;
        for (var index = from; index < to && !_stop; index += stride)
        {
            var due = start + (long)(done++ * ticksBetween);
            WaitUntil(due);
            worker.Do(index);
            Operations++;
            var ended = Stopwatch.GetTimestamp();
            Latency.Record(ToNanoseconds(ended - due));
            if (ended >= deadline)
            {
                break;
            }
        }

        EndedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Gives the processor to others while there is time, and watches the clock for the last millisecond, which no sleep would hit.</summary>
    private static void WaitUntil(long due)
    {
        var early = due - Stopwatch.GetTimestamp();
        if (early > Stopwatch.Frequency / 500)
        {
            Thread.Sleep((int)(early * 1_000 / Stopwatch.Frequency) - 1);
        }

        while (Stopwatch.GetTimestamp() < due)
        {
            Thread.SpinWait(20);
        }
    }

    private static long ToNanoseconds(long ticks) => (long)(ticks * s_nanosecondsPerTick);
}
