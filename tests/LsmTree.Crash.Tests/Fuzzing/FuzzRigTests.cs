namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>The fuzzing must be able to fail, and do the same for the same seed.</summary>
public sealed class FuzzRigTests
{
    [Fact]
    public void A_decoder_that_trusts_a_length_is_found()
    {
        var target = new PlantedTarget("trusting", static bytes => _ = bytes.AsSpan(1, bytes[0]).Length);
        Assert.Contains(Enumerable.Range(0, 1_000), seed => Record.Exception(() => FuzzPart.Try(target, (ulong)seed)) is ArgumentOutOfRangeException or IndexOutOfRangeException);
    }

    [Fact]
    public void A_decoder_that_allocates_what_it_is_told_is_found()
    {
        var target = new PlantedTarget("greedy", static bytes => GC.KeepAlive(new byte[bytes is [] ? 0 : bytes[0] << 16]));
        Assert.Contains(Enumerable.Range(0, 1_000), seed => Record.Exception(() => FuzzPart.Try(target, (ulong)seed)) is FuzzException);
    }

    [Fact]
    public void A_seed_makes_the_same_mutations_twice()
    {
        var seen = new List<byte[]>();
        var target = new PlantedTarget("recording", seen.Add);
        for (var seed = 0UL; seed < 200; seed++)
        {
            FuzzPart.Try(target, seed);
        }

        var first = seen.ToArray();
        seen.Clear();
        for (var seed = 0UL; seed < 200; seed++)
        {
            FuzzPart.Try(target, seed);
        }

        Assert.Equal(first, seen);
        Assert.True(first.DistinctBy(Convert.ToHexString).Count() > 150);
    }

    [Fact]
    public void A_case_that_ends_the_process_is_known_to_the_next()
    {
        var directory = Directory.CreateTempSubdirectory("lsmtree-words-").FullName;
        var died = new FuzzCase("nesting", ulong.MaxValue);
        var words = new LastWords(directory, died);
        using (new LastWords(directory, new FuzzCase("nesting", 1)))
        {
            Assert.Equal(2, LastWords.Left(directory).Count);
        }

        Assert.Equal([died], LastWords.Left(directory)); // as if the process had ended here
        words.Dispose();
        Assert.Empty(LastWords.Left(directory));
        Directory.Delete(directory);
    }

    [Fact]
    public void The_corpora_hold_something_of_every_kind()
    {
        Assert.All<IReadOnlyList<byte[]>>(
            [
                Decoders.Corpus.Logs, Decoders.Corpus.Manifests, Decoders.Corpus.Batches, Decoders.Corpus.Edits, Decoders.Corpus.Footers, Decoders.Corpus.Indexes, Decoders.Corpus.Filters,
                Decoders.Corpus.Tombstones, Decoders.Corpus.Properties, Decoders.Corpus.Blocks, Decoders.Corpus.Compressed, Decoders.Corpus.Backups, Decoders.Corpus.Options,
            ],
            static corpus => Assert.NotEmpty(corpus));
        Assert.True(Statements.Vocabulary.Statements.Count > 100);
        Assert.Contains("SELECT", Statements.Vocabulary.Words);
    }

    [Fact]
    public void A_text_that_breaks_out_of_its_quotes_changes_the_print_of_the_syntax()
    {
        static string Print(string text, string blank) => Statements.SyntaxPrint.Of(LsmTree.Data.Parsing.SqlParser.Parse(text), blank);

        var harmless = Print("SELECT v FROM t WHERE k = 'a'", "a");
        Assert.Equal(harmless, Print("SELECT v FROM t WHERE k = '''; --'", "'; --"));
        Assert.NotEqual(harmless, Print("SELECT v FROM t WHERE k = '' OR '1' = '1'", "' OR '1' = '1"));
        Assert.NotEqual(harmless, Print("SELECT v FROM t WHERE k = ''; DROP TABLE t; --'", "'; DROP TABLE t; --"));
        Assert.NotEqual(harmless, Print("SELECT v FROM t WHERE k = 'b'", "a"));
        Assert.NotEqual(harmless, Print("SELECT w FROM t WHERE k = 'a'", "a"));
    }

    private sealed class PlantedTarget(string name, Action<byte[]> decode) : FuzzTarget(name, 1)
    {
        public override int Execute(ref Dice dice)
        {
            decode(Mutation.Of([3, 1, 2, 3, 4, 5], ref dice));
            return 1;
        }
    }
}
