namespace LsmTree.Cli.Tests.Commands;

public sealed class ImportOptionsTests : IDisposable
{
    private readonly CommandFixture _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Options_reach_the_engine_and_do_not_lead_to_another_store()
    {
        var file = _command.Write("numbers.tsv", "id\tname\n1\tone\n2\ttwo\n");

        var outcome = _command.Run(
            "import", _command.Store, "numbers", file, "--create", "--options", $"Memtable Size=64KB;DataSource={_command.PathOf("elsewhere")}");

        Assert.True(outcome.Status == 0, outcome.Error);
        Assert.False(Path.Exists(_command.PathOf("elsewhere")));
        Assert.Equal(["1\tone", "2\ttwo"], _command.Rows("SELECT id, name FROM numbers"));
    }

    [Theory]
    [InlineData("Memtable Size=1", "Memtable Size")]
    [InlineData("Memtabel Size=64KB", "did you mean 'Memtable Size'?")]
    public void Options_that_fit_nothing_are_an_error_that_says_what_fits(string options, string hint)
    {
        var file = _command.Write("numbers.tsv", "id\tname\n1\tone\n");

        var outcome = _command.Run("import", _command.Store, "numbers", file, "--create", "--options", options);

        Assert.Equal(1, outcome.Status);
        Assert.Contains("error 22023", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(hint, outcome.Error, StringComparison.Ordinal);
        Assert.False(Path.Exists(_command.Store));
    }
}
