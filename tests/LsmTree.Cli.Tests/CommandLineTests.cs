namespace LsmTree.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    private readonly CommandFixture _command = new();

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("import")]
    [InlineData("import db t file --batch 0")]
    [InlineData("db SELECT 1")]
    [InlineData("db --format pretty")]
    [InlineData("db --synchronous sometimes")]
    [InlineData("verify")]
    public void Arguments_that_make_no_sense_exit_with_2_and_point_to_the_help(string arguments)
    {
        var outcome = _command.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, outcome.Status);
        Assert.Equal("", outcome.Output);
        Assert.Contains("--help", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_names_every_command()
    {
        var outcome = _command.Run("--help");

        Assert.Equal(0, outcome.Status);
        foreach (var name in (string[])["import", "export", "verify", "compact", "checkpoint", "stats", "levels"])
        {
            Assert.Contains(name, outcome.Output, StringComparison.Ordinal);
        }
    }
}
