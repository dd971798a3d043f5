using System.Globalization;

namespace LsmTree.Crash.Tests.Imports;

/// <summary>
/// Kills an importing process at random moments. <c>LSMTREE_CRASH_SEED</c> repeats the moments of a run, as far as a machine repeats itself;
/// <c>LSMTREE_CRASH_KILLS</c> multiplies the kills.
/// </summary>
public sealed class ImportKillTests(ITestOutputHelper output)
{
    // A process that was faster than its kill does not count; this many times the kills are tried before the machine is to blame.
    private const int Attempts = 4;

    private static int Seed => Setting("LSMTREE_CRASH_SEED") ?? Random.Shared.Next();

    private static int Times => Setting("LSMTREE_CRASH_KILLS") ?? 1;

    [Theory]
    [InlineData("normal", 4)]
    [InlineData("full", 3)]
    [InlineData("off", 2)]
    public void Killed_imports_leave_every_acknowledged_transaction_and_none_by_half(string synchronous, int kills)
    {
        using var imports = new KilledImports(Seed, synchronous, output.WriteLine);
        KillUntil(imports, kills * Times, attempt =>
        {
            if (attempt % 4 == 3)
            {
                imports.KillWhileOpening();
            }
            else
            {
                imports.KillWhileWriting();
            }
        });
        imports.Finish();
    }

    [Fact]
    public void A_store_whose_making_was_killed_is_made_by_the_next_process()
    {
        using var imports = new KilledImports(Seed, "normal", output.WriteLine);
        KillUntil(imports, 4 * Times, attempt =>
        {
            if (attempt % 2 == 0)
            {
                imports.BeginAnew();
            }

            imports.KillWhileOpening();
        });
        imports.Finish();
    }

    private static void KillUntil(KilledImports imports, int kills, Action<int> kill)
    {
        for (var attempt = 0; imports.Kills < kills; attempt++)
        {
            Assert.True(attempt < kills * Attempts, $"Only {imports.Kills} of {attempt} processes lived until their kill.");
            kill(attempt);
        }
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
