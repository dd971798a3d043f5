using System.Runtime.CompilerServices;
using LsmTree.Storage.Memory;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Transactions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Tests.Transactions;

/// <summary>The table of keys and the sorted index must say the same of every key, whatever was written, rolled back and asked in between.</summary>
public sealed class PendingWritesTests
{
    private const int Keys = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Keys_read_as_a_model_says_through_edits_savepoints_and_reuse(int seed)
    {
        var random = new Random(seed);
        using var stock = new ChunkStock(long.MaxValue);
        using var writes = new PendingWrites(long.MaxValue, stock, static index => index.Free());
        for (var round = 0; round < 6; round++)
        {
            var history = new List<Dictionary<int, string?>> { new() };
            for (var edit = random.Next(2_000); edit > 0; edit--)
            {
                if (random.Next(200) == 0)
                {
                    var position = random.Next(history.Count);
                    writes.RollbackTo(position);
                    history.RemoveRange(position + 1, history.Count - position - 1);
                    continue;
                }

                history.Add(Edit(writes, random, history[^1], withRanges: round % 2 == 1));
                if (random.Next(300) == 0)
                {
                    writes.Freeze();
                }

                AssertKey(writes, random.Next(Keys), history[^1], $"seed {seed}, round {round}");
            }

            for (var key = 0; key < Keys; key++)
            {
                AssertKey(writes, key, history[^1], $"seed {seed}, round {round}");
            }

            writes.Reset();
            Assert.Null(writes.TryGet(KeyOf(7), ReadMoment.At(0), out _));
        }
    }

    [Fact]
    public void Edits_that_were_dropped_and_not_disposed_give_their_memory_back()
    {
        using var stock = new ChunkStock(limitBytes: 0);
        Drop(stock);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        AwaitEmpty(stock);
    }

    [Fact]
    public void Edits_that_were_dropped_stay_as_long_as_somebody_may_be_reading_what_he_found_in_them()
    {
        using var stock = new ChunkStock(limitBytes: 0);
        using (ReadSection.Enter())
        {
            Drop(stock);
            var dropped = stock.Bytes;
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(dropped, stock.Bytes);
        }

        AwaitEmpty(stock);
    }

    /// <summary>What was dropped goes when nobody is in a section, and tests beside this one may be.</summary>
    private static void AwaitEmpty(ChunkStock stock) => Assert.True(SpinWait.SpinUntil(() => stock.Bytes == 0, Background.Patience));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop(ChunkStock stock)
    {
        for (var i = 0; i < 100; i++)
        {
            var writes = new PendingWrites(long.MaxValue, stock, static index => index.Free());
            writes.Put(KeyOf(1), "value"u8);
            writes.DeleteRange(KeyOf(2), KeyOf(3));
            Assert.True(writes.TryGet(KeyOf(1), ReadMoment.At(0), out _));
        }

        Assert.NotEqual(0, stock.Bytes);
    }

    private static Dictionary<int, string?> Edit(PendingWrites writes, Random random, Dictionary<int, string?> before, bool withRanges)
    {
        var after = new Dictionary<int, string?>(before);
        var key = random.Next(Keys);
        switch (random.Next(withRanges ? 12 : 11))
        {
            case < 8:
                after[key] = new string((char)('a' + random.Next(26)), random.Next(40));
                writes.Put(KeyOf(key), System.Text.Encoding.ASCII.GetBytes(after[key]!));
                break;
            case < 11:
                after[key] = null;
                writes.Delete(KeyOf(key));
                break;
            default:
                var end = key + 1 + random.Next(20);
                writes.DeleteRange(KeyOf(key), KeyOf(end));
                for (var gone = key; gone < end; gone++)
                {
                    after[gone] = null;
                }

                break;
        }

        return after;
    }

    private static void AssertKey(PendingWrites writes, int key, Dictionary<int, string?> model, string replay)
    {
        var isKnown = model.TryGetValue(key, out var expected);
        var answer = writes.TryGet(KeyOf(key), ReadMoment.At(0), out var value);
        Assert.True(answer == (isKnown ? expected is not null : null), $"{replay}: key {key} is {answer}");
        if (expected is not null)
        {
            Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(value));
        }
    }

    private static byte[] KeyOf(int number)
    {
        var key = new byte[20];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(key.AsSpan(16), number);
        return key;
    }
}
