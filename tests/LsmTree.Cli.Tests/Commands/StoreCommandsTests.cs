namespace LsmTree.Cli.Tests.Commands;

public sealed class StoreCommandsTests : IDisposable
{
    private readonly CommandFixture _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void A_sound_store_verifies()
    {
        Fill();
        var outcome = _command.Run("verify", _command.Store);

        Assert.Equal("", outcome.Error);
        Assert.Equal(0, outcome.Status);
        Assert.StartsWith("ok: ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_table_is_named_and_the_exit_status_is_1()
    {
        Fill();
        Assert.Equal(0, _command.Run("compact", _command.Store).Status);
        var table = Directory.GetFiles(_command.Store, "*.sst").First();
        var bytes = File.ReadAllBytes(table);
        bytes[10] ^= 0x40;
        File.WriteAllBytes(table, bytes);

        var outcome = _command.Run("verify", _command.Store);

        Assert.Equal(1, outcome.Status);
        Assert.Contains(Path.GetFileName(table), outcome.Output + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_is_a_store_of_its_own()
    {
        Fill();
        var copy = _command.PathOf("copy");

        Assert.Equal(0, _command.Run("checkpoint", _command.Store, copy).Status);
        _command.Run(_command.Store, "DELETE FROM kv");

        Assert.Equal("COUNT(*)\n100\n", _command.Run(copy, "SELECT COUNT(*) FROM kv", "--format", "tsv").Output);
        Assert.Equal(["0"], _command.Rows("SELECT COUNT(*) FROM kv"));
    }

    [Fact]
    public void Stats_and_levels_are_results_like_any_other()
    {
        Fill();
        Assert.Equal(0, _command.Run("compact", _command.Store).Status);

        Assert.Contains("\nfailure\t\\N\n", _command.Run("stats", _command.Store, "--format", "tsv").Output, StringComparison.Ordinal);
        Assert.StartsWith("level\ttables\tbytes\ttarget_bytes\tentries\ttombstones\tcompactions\tbytes_read\tbytes_written\tcompaction_time\n0\t", _command.Run("levels", _command.Store, "--format", "tsv").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("stats")]
    [InlineData("levels")]
    [InlineData("compact")]
    public void A_directory_that_is_no_store_is_refused_and_not_made(string name)
    {
        var outcome = _command.Run(name, _command.PathOf("nowhere"));

        Assert.Equal(1, outcome.Status);
        Assert.StartsWith("error 58", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_command.PathOf("nowhere")));
    }

    private void Fill()
    {
        var rows = string.Join(", ", Enumerable.Range(0, 100).Select(static i => $"('key {i:D3}', {i})"));
        var outcome = _command.Run(_command.Store, $"UPSERT INTO kv VALUES {rows}");
        Assert.True(outcome.Status == 0, outcome.Error);
    }
}
