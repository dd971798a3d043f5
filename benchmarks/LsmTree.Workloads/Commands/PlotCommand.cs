using System.CommandLine;
using LsmTree.Workloads.Reports;
using LsmTree.Workloads.Scaling;

namespace LsmTree.Workloads.Commands;

/// <summary>Draws the plots of scale runs again from their JSON files.</summary>
internal static class PlotCommand
{
    public static Command Create(TextWriter output)
    {
        var files = new Argument<string[]>("files") { Description = "JSON files that 'scale' wrote.", Arity = ArgumentArity.OneOrMore };
        var target = new Option<string?>("--output") { Description = "The directory for the plots. Default: beside each file." };
        var command = new Command("plot", "Draw the plots of scale runs again.") { files, target };
        command.SetAction(parsed =>
        {
            foreach (var file in parsed.GetRequiredValue(files))
            {
                var report = JsonText.Read<ScaleReport>(File.ReadAllText(file), file);
                WritePlots(report, file, parsed.GetValue(target) ?? Path.GetDirectoryName(Path.GetFullPath(file))!, output);
            }
        });
        return command;
    }

    /// <summary>Writes NAME-throughput.svg and its like, where NAME is that of the JSON file.</summary>
    public static void WritePlots(ScaleReport report, string jsonFile, string directory, TextWriter output)
    {
        if (report.Samples is not { Count: > 0 })
        {
            throw new InvalidDataException($"{jsonFile} holds no samples of a scale run.");
        }

        Directory.CreateDirectory(directory);
        foreach (var (name, svg) in ScalePlots.Draw(report))
        {
            var path = Path.Combine(directory, $"{Path.GetFileNameWithoutExtension(jsonFile)}-{name}.svg");
            File.WriteAllText(path, svg);
            output.WriteLine(path);
        }
    }
}
