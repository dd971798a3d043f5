using LsmTree.Crash.Tests.Lanes;

namespace LsmTree.Crash.Tests.Images;

/// <summary>Recorded runs, crashed at every operation in every way that a disk can.</summary>
internal sealed class ImagePart : Part
{
    public override string Name => "images";

    public override string Claim =>
        "Power cuts and deaths before every operation of recorded runs: what is found opens, verifies, and is exactly one prefix of the commits, from the last that was promised to the last that was begun, tables, columns and rows of a database included; "
        + "ten more durable writes survive a second crash; a crash during the recovery leads to the same store; checkpoints, restored backups and repaired stores are whole or say that they are not; no path outside the directories of the store and of the copy that is being made or opened is touched.";

    public override string Limits =>
        "Stores of a dozen keys and at most a few hundred KiB; sectors of 512 bytes, missing ones read as zeros; sector subsets and orders of names are drawn, not exhausted; a sequence runs under one set of options, which its first word and the seed choose; databases of two tables and one connection, of which the short lanes draw no sectors; one writer.";

    public override void Run(PartContext context)
    {
        CrashStatements(context); // first: the long lane fills its time with what follows
        var effort = context.Lane switch
        {
            Lane.Smoke => new ImageEffort(1, 1, 3, 0),
            Lane.CI => new ImageEffort(1, 2, 4, 800),
            _ => new ImageEffort(8, 16, 1 << 16, 5),
        };
        var cases = Cases(context).ToList();
        context.ForEach(cases.Count, i =>
        {
            var (words, set, lastWordOnly, seed) = cases[i];
            Crash(context, $"\"script={words}\" options={set}", () => ImageScript.Run(words, set), lastWordOnly, seed, effort, "crash images");
        });
        context.Count("scripts by hand", ImageScripts.Written.Count);
    }

    public override void Replay(ReplayWords words) =>
        new ImageCrasher(words.Has("sql") ? SqlScript.Run(words["sql"], words["options"]) : ImageScript.Run(words["script"], words["options"]), 1, default)
            .Replay((int)words.Number("point"), Enum.Parse<Persistence>(words["persistence"]), (int)words.Number("torn"), words.Seed, words.Has("nested"));

    /// <summary>Scripts of statements, through the provider.</summary>
    private static void CrashStatements(PartContext context)
    {
        var effort = context.Lane == Lane.Long ? new ImageEffort(2, 4, 16, 60) : new ImageEffort(0, 1, 1, 0);
        var modes = SqlScripts.Modes.Count;
        var cases = context.Amount(smoke: 2, ci: SqlScripts.Written.Count, @long: SqlScripts.Written.Count * modes);
        context.ForEach(cases, i =>
        {
            var (words, mode) = (SqlScripts.Written[i % SqlScripts.Written.Count], SqlScripts.Modes[(i + (i / SqlScripts.Written.Count)) % modes]);
            Crash(context, $"\"sql={words}\" options={mode}", () => SqlScript.Run(words, mode), lastWordOnly: false, context.Seed, effort, "crash images of databases");
        });
    }

    private static void Crash(PartContext context, string words, Func<IRecordedRun> record, bool lastWordOnly, ulong seed, ImageEffort effort, string images)
    {
        words += " point=0 persistence=Everything torn=0 seed=0";
        context.At(words);
        try
        {
            var crasher = new ImageCrasher(record(), seed, effort);
            crasher.Run(lastWordOnly, context);
            context.Count(images, crasher.Images);
            context.Count("images of crashed recoveries", crasher.Nested);
            context.Count("points", crasher.Points);
            context.Count("copies opened", crasher.Copies);
        }
        catch (Exception failure)
        {
            context.Fail(words, $"the run itself: {failure}");
        }

        context.Count("runs recorded");
    }

    /// <summary>The scripts by hand under every set of options, and all sequences of the alphabet under some.</summary>
    private static IEnumerable<(string Words, string Set, bool LastWordOnly, ulong Seed)> Cases(PartContext context)
    {
        var sets = ImageScripts.OptionSets.Count;
        var everything = context.Lane != Lane.Smoke;
        for (var repeat = 0UL; repeat == 0 || (context.Lane == Lane.Long && repeat < 1_000_000); repeat++)
        {
            for (var i = 0; i < ImageScripts.Written.Count; i++)
            {
                for (var set = 0; set < sets; set++)
                {
                    if (everything || (set == i % sets && i % 3 == 0))
                    {
                        yield return (ImageScripts.Written[i], ImageScripts.OptionSets[set].Name, false, context.Seed + repeat);
                    }
                }
            }

            var length = everything ? 3 : 1;
            foreach (var words in ImageScripts.Sequences(length))
            {
                // By its first word: what comes before the last word has then been crashed under the same options, as a shorter sequence.
                var first = Enumerable.Range(0, ImageScripts.Alphabet.Count).First(word => words.Split(' ')[0] == ImageScripts.Alphabet[word]);
                yield return (words, ImageScripts.OptionSets[(int)(((ulong)first + repeat + context.Seed) % (ulong)sets)].Name, true, context.Seed + repeat);
            }

            if (context.Lane == Lane.Long && repeat > 20)
            {
                yield break; // more than any machine does in a day; Cases is made before the first is run
            }
        }
    }
}
