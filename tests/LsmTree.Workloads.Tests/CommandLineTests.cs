using System.Text.Json;

namespace LsmTree.Workloads.Tests;

public sealed class CommandLineTests : IDisposable
{
    private const string Small = "--keys 1k --warm-up 0 --directory :memory:";

    private readonly string _directory = Directory.CreateTempSubdirectory("lsmtree-workloads-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Workloads_run_in_the_order_in_which_they_are_named()
    {
        var json = Path.Combine(_directory, "run.json");

        var (status, output, error) = Run($"fillseq,readrandom readmissing {Small} --json {json}");

        Assert.Equal("", error);
        Assert.Equal(0, status);
        Assert.True(output.IndexOf("fillseq", StringComparison.Ordinal) < output.IndexOf("readmissing", StringComparison.Ordinal));
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        Assert.Equal(1_000, report.RootElement.GetProperty("settings").GetProperty("keys").GetInt64());
        Assert.Equal(["fillseq", "readrandom", "readmissing"], report.RootElement.GetProperty("results").EnumerateArray().Select(static result => result.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("nonsense", "There is no workload 'nonsense'")]
    [InlineData("", "Required argument missing")]
    [InlineData("fillseq --keys 0", "'0' is out of range: 1 to")]
    [InlineData("fillseq --keys many", "'many' is not a count such as 500, 20k or 10M.")]
    [InlineData("fillseq --value 1G", "'1G' is out of range")]
    [InlineData("fillseq --key-size 7", "'7' is out of range: 8 to 65,536.")]
    [InlineData("fillseq --cache big", "'big' is not bytes, such as 100, 4K or 64M.")]
    [InlineData("fillseq --compression zip", "zip")]
    [InlineData("fillseq --rate 0", "--rate takes a number above 0.")]
    [InlineData("fillseq --duration -1", "--duration takes a number above 0.")]
    [InlineData("fillseq --warm-up -1", "--warm-up takes 0 to 3,600 seconds.")]
    [InlineData("scale --steps 0", "--steps takes 1 to 10000.")]
    [InlineData("fillseq --colour", "--colour")]
    public void Arguments_that_make_no_sense_are_refused_before_anything_runs(string arguments, string message)
    {
        var (status, output, error) = Run(arguments);

        Assert.Equal(2, status);
        Assert.Equal("", output);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_has_a_line_for_each_workload()
    {
        var (status, output, _) = Run("list");

        Assert.Equal(0, status);
        Assert.Contains("ycsb-f", output, StringComparison.Ordinal);
        Assert.All(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), static line => Assert.True(line.Length > 40, line));
    }

    [Fact]
    public void The_seed_table_has_a_figure_beside_each_published_one()
    {
        var (status, output, error) = Run($"seed {Small} --operations 500");

        Assert.Equal("", error);
        Assert.Equal(0, status);
        Assert.Equal(2 + 10, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Scan 1000 keys (memtable)           66,000   14,995       7", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scale_run_leaves_samples_and_plots_that_can_be_drawn_again()
    {
        var json = Path.Combine(_directory, "small.json");
        var (status, _, error) = Run($"scale {Small} --steps 3 --json {json}");
        Assert.Equal("", error);
        Assert.Equal(0, status);
        var plots = Directory.GetFiles(_directory, "small-*.svg").Order().ToList();
        Assert.Equal(4, plots.Count);
        var again = Path.Combine(_directory, "again");

        Assert.Equal(0, Run($"plot {json} --output {again}").Status);

        Assert.All(plots, plot => Assert.Equal(File.ReadAllText(plot), File.ReadAllText(Path.Combine(again, Path.GetFileName(plot)))));
    }

    [Theory]
    [InlineData("{}", "holds no samples")]
    [InlineData("[1]", "is not a report of this tool")]
    [InlineData("null", "holds null")]
    public void A_file_that_is_no_report_is_named(string content, string message)
    {
        var path = Path.Combine(_directory, "other.json");
        File.WriteAllText(path, content);

        var (status, _, error) = Run($"plot {path}");

        Assert.Equal(1, status);
        Assert.Contains(path, error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_of_one_line()
    {
        var (status, _, error) = Run($"plot {Path.Combine(_directory, "nowhere.json")}");

        Assert.Equal(1, status);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static (int Status, string Output, string Error) Run(string arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var status = CommandLine.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error, TimeProvider.System);
        return (status, output.ToString(), error.ToString());
    }
}
