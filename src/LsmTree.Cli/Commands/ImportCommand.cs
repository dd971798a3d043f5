using System.CommandLine;
using System.Globalization;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;
using LsmTree.Cli.Transfers;

namespace LsmTree.Cli.Commands;

/// <summary><c>lsmtree import DIRECTORY TABLE FILE</c>: rows from tab-separated values into a table.</summary>
internal static class ImportCommand
{
    private const int DefaultBatch = 1000;
    private const int MaxBatch = 1_000_000;

    // Rejected lines that are reported one by one; all of them are kept in the reject file.
    private const int MaxReports = 1000;

    public static Command Create(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var table = Arguments.Table();
        var file = new Argument<string>("file") { Description = "Tab-separated values with a header line that names columns of the table; may be compressed by gzip." };
        var batch = new Option<int>("--batch") { Description = "Rows committed together.", DefaultValueFactory = static _ => DefaultBatch };
        batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxBatch)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--batch takes 1 to {MaxBatch}."));
            }
        });
        var create = new Option<bool>("--create") { Description = "Create the table when it does not exist; column types are guessed from the first lines (BIGINT, DOUBLE, TEXT)." };
        var text = new Option<bool>("--text") { Description = "With --create: every column is TEXT." };
        var key = new Option<string?>("--key") { Description = "With --create: the column that is the primary key. Default: the first." };
        var upsert = new Option<bool>("--upsert") { Description = "Overwrite rows whose key exists, instead of rejecting their lines." };
        var allowRejects = new Option<bool>("--allow-rejects") { Description = "Exit with 0 although lines were rejected." };
        var rejects = new Option<string?>("--rejects") { Description = "Where rejected lines are kept. Default: FILE.rejects.tsv." };
        var acknowledge = new Option<string?>("--ack") { Description = "Append a line to this file after each commit: last line covered, rows in it, rows so far." };
        var synchronous = Arguments.Synchronous();
        var options = Arguments.Options();
        var command = new Command("import", "Read rows from a file into a table.")
        {
            directory, table, file, batch, create, text, key, upsert, allowRejects, rejects, acknowledge, synchronous, options,
        };
        command.SetAction(parsed => ErrorReport.Guard(terminal, () =>
        {
            var path = parsed.GetRequiredValue(file);
            var createKey = parsed.GetValue(create) ? parsed.GetValue(key) ?? FirstColumn(path) : null;
            var settings = new ImportSettings(
                parsed.GetRequiredValue(table), path, parsed.GetValue(batch), parsed.GetValue(upsert), createKey, parsed.GetValue(text),
                parsed.GetValue(rejects) ?? RejectsPath(path), parsed.GetValue(acknowledge));
            var database = new DatabaseSettings(parsed.GetRequiredValue(directory), Synchronous: parsed.GetValue(synchronous), Options: parsed.GetValue(options));
            return Run(terminal, database, settings) > 0 && !parsed.GetValue(allowRejects) ? ErrorReport.Failure : ErrorReport.Success;
        }));
        return command;
    }

    /// <summary>Imports; returns how many lines were rejected.</summary>
    private static long Run(Terminal terminal, DatabaseSettings database, ImportSettings settings)
    {
        using var connection = database.Open();
        using var display = ImportDisplay.Start(terminal, settings.File);
        long reported = 0;
        ImportProgress done = default;
        terminal.Cancel.Run(cancellation =>
        {
            var importer = new TableImporter(connection, settings, ReportReject, display.Show);
            done = importer.Run(cancellation);
        });
        display.Finish(done);
        if (reported > MaxReports)
        {
            terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"… and {reported - MaxReports:N0} more"));
        }

        if (done.Rejected > 0)
        {
            terminal.Error.WriteLine($"rejected lines are in {settings.RejectsFile}");
        }

        return done.Rejected;

        void ReportReject(long line, string reason)
        {
            if (++reported <= MaxReports)
            {
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {line}: {reason}"));
            }
        }
    }

    private static string FirstColumn(string path)
    {
        using var reader = TsvReader.Open(path);
        return reader.ReadHeader()[0];
    }

    private static string RejectsPath(string path)
    {
        var stem = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        stem = stem.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? stem[..^4] : stem;
        return stem + ".rejects.tsv";
    }
}
