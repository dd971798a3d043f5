using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Models;

/// <summary>The model must be able to fail, and its failures must be repeatable and short.</summary>
public sealed class ModelRigTests
{
    [Fact]
    public void A_write_that_the_model_does_not_know_is_found()
    {
        using var run = new ModelRun(OptionSets.Named("small"));
        run.Store.Put(ModelKeys.Of(5), "not in the model"u8);
        Assert.Throws<ModelException>(() => run.Execute([]));
    }

    [Fact]
    public void A_lost_write_is_found()
    {
        using var run = new ModelRun(OptionSets.Named("small"));
        run.NotePut(3, 77);
        Assert.Throws<ModelException>(() => run.Execute([]));
    }

    [Fact]
    public void A_wrong_byte_in_a_value_is_found()
    {
        var value = ModelValues.Write(37, new byte[200]).ToArray();
        Assert.True(ModelValues.Is(37, value));
        for (var i = 0; i < value.Length; i++)
        {
            value[i] ^= 1;
            Assert.False(ModelValues.Is(37, value));
            value[i] ^= 1;
        }
    }

    [Fact]
    public void A_seed_makes_the_same_history_and_readers_see_the_same_twice()
    {
        var steps = History.Create(99, 1_500);
        Assert.Equal(steps, History.Create(99, 1_500));
        var digests = new HashSet<ulong>();
        for (var i = 0; i < 2; i++)
        {
            using var run = new ModelRun(OptionSets.Named("tiny-blocks"));
            run.Execute(steps);
            digests.Add(run.Seen);
        }

        Assert.Single(digests);
    }

    [Fact]
    public void A_long_history_draws_every_kind_of_operation()
    {
        var drawn = History.Create(1, 200_000).Select(static step => step.Operation).ToHashSet();
        Assert.Equal(Enumerable.Range(0, OperationKinds.All.Count), drawn.Order());
        Assert.True(OperationKinds.All.Count >= 32);
        Assert.True(OptionSets.All.Count >= 24);
    }

    [Fact]
    public void Keys_are_in_the_order_of_the_store_and_found_again()
    {
        for (var i = 0; i < ModelKeys.Count; i++)
        {
            Assert.Equal(i, ModelKeys.IndexOf(ModelKeys.Of(i)));
            Assert.True(i == 0 || ModelKeys.Of(i - 1).AsSpan().SequenceCompareTo(ModelKeys.Of(i)) < 0);
        }

        Assert.Equal(-1, ModelKeys.IndexOf("foreign"u8));
    }

    [Fact]
    public void Shrinking_leaves_the_steps_that_matter()
    {
        var kept = Shrinker.Shrink(1_000, static places => places.Contains(17) && places.Contains(803));
        Assert.Equal([17, 803], kept);
    }

    [Fact]
    public void A_replay_line_is_understood() =>
        new ModelPart().Replay(new ReplayWords(["seed=5", "set=full", "length=300", "steps=1,2,3,100"]));
}
