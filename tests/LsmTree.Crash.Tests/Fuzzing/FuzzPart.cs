using System.Globalization;
using System.Runtime.CompilerServices;
using LsmTree.Crash.Tests.Fuzzing.Decoders;
using LsmTree.Crash.Tests.Fuzzing.Statements;
using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>Bytes and texts from strangers, fed to whatever decodes or parses them.</summary>
internal sealed class FuzzPart : Part
{
    private static readonly FuzzTarget[] s_targets =
    [
        new LogTarget(), new ManifestTarget(), new CurrentTarget(), new OptionsTarget(), new BackupTarget(), new EditTarget(), new BatchTarget(), new ExpiryTarget(), new BlockTarget(), new CodecTarget(), new TableTarget(),
        new CatalogueTarget(), new RowTarget(), new ParserTarget(), new StatementTarget(), new NestingTarget(), new ParameterTarget(), new TreeTarget(), new ConnectionStringTarget(), new DatabaseTarget(),
    ];

    static FuzzPart()
    {
        // So that no seed pays for the inputs that all of them begin with.
        RuntimeHelpers.RunClassConstructor(typeof(Corpus).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(Vocabulary).TypeHandle);
    }

    public override string Name => "fuzz";

    public override string Claim =>
        "Right inputs of every decoder are changed (behind right checksums where there are any), and so are statements, nested and endless ones among them, connection strings and parameters, and the files of a database that statements then read and write: "
        + "the answer is a result or a documented error; what decodes encodes to the same again; texts come back as they went in, and as a literal, a name or a parameter never change what else a statement says; no stack of 1 MiB overflows; memory is bounded for each input, and stays flat over ever new statements.";

    public override string Limits =>
        "Random changes from a seed, without feedback from the code that they reach; small inputs, but for nesting; what a mutated statement returns is compared with nothing here (the differential tests do that).";

    public override void Run(PartContext context)
    {
        foreach (var left in LastWords.Left(AppContext.BaseDirectory))
        {
            Console.Error.WriteLine($"An earlier run ended in --replay {Name} {left}, which is tried again.");
            Try(s_targets.First(target => target.Name == left.Target), left.Seed);
        }

        var rounds = context.Amount(smoke: 2, ci: 40, @long: int.MaxValue / s_targets.Length);
        context.ForEach(rounds * s_targets.Length, round =>
        {
            var target = s_targets[round % s_targets.Length];
            // A tenth of a round is enough where somebody waits.
            var seeds = context.Lane == Lane.Smoke ? 1 + (target.PerRound / 10) : target.PerRound;
            long inputs = 0;
            for (var i = 0; i < seeds && !context.IsOver; i++)
            {
                var seed = (context.Seed * 1_000_003) + ((ulong)round * 100_000) + (ulong)i;
                context.At(new FuzzCase(target.Name, seed));
                try
                {
                    inputs += Try(target, seed);
                }
                catch (Exception failure)
                {
                    context.Fail(new FuzzCase(target.Name, seed).ToString(), failure.ToString());
                }
            }

            context.Count("inputs", inputs);
            context.Count($"of these to {target.Name}", inputs);
        });
        var statements = context.Amount(smoke: 5_000, ci: 50_000, @long: 1_000_000);
        try
        {
            DistinctStatements.Run(statements, done => context.Progress(done, statements));
            context.Count("ever new statements", statements);
        }
        catch (Exception failure)
        {
            context.Fail(string.Create(CultureInfo.InvariantCulture, $"statements={statements}"), failure.ToString());
        }
    }

    public override void Replay(ReplayWords words)
    {
        if (words.Has("statements"))
        {
            DistinctStatements.Run((int)words.Number("statements"), static _ => { });
        }
        else
        {
            Try(s_targets.First(target => target.Name == words["target"]), words.Seed);
        }
    }

    /// <summary>Feeds a target what a seed makes, and holds what it allocates against what it may.</summary>
    public static int Try(FuzzTarget target, ulong seed)
    {
        var dice = new Dice(seed);
        using var words = target.CanEndProcess ? new LastWords(AppContext.BaseDirectory, new FuzzCase(target.Name, seed)) : null;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var inputs = target.Execute(ref dice);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        return taken <= target.MostBytes ? inputs : throw new FuzzException($"{target.Name} took {taken:N0} bytes of memory");
    }
}
