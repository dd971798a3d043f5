using System.CommandLine;
using System.IO.Compression;
using System.Text;
using LsmTree.Cli.Results;
using LsmTree.Cli.Statements;
using LsmTree.Cli.Terminals;
using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Commands;

/// <summary><c>lsmtree export DIRECTORY TABLE [FILE]</c>: the rows of a table, in key order, as tab-separated values that import reads.</summary>
internal static class ExportCommand
{
    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public static Command Create(Terminal terminal)
    {
        var directory = Arguments.Directory();
        var table = Arguments.Table();
        var file = new Argument<string?>("file")
        {
            Description = "The file to write; compressed when its name ends in .gz. Without one, rows go to the output.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("export", "Write the rows of a table as tab-separated values.") { directory, table, file };
        command.SetAction(parsed => ErrorReport.Guard(terminal, () =>
            Run(terminal, new DatabaseSettings(parsed.GetRequiredValue(directory), "ReadOnly"), parsed.GetRequiredValue(table), parsed.GetValue(file))));
        return command;
    }

    private static int Run(Terminal terminal, DatabaseSettings database, string table, string? path)
    {
        using var connection = database.Open();
        if (path is null)
        {
            Write(terminal.Out);
            return ErrorReport.Success;
        }

        // The name appears when the file is whole: a reader never finds half a table.
        var unfinished = path + ".part";
        using (var file = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
        {
            using Stream stream = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file;
            using var writer = new StreamWriter(stream, s_utf8, 64 << 10);
            Write(writer);
        }

        File.Move(unfinished, path, overwrite: true);
        return ErrorReport.Success;

        void Write(TextWriter output) =>
            new StatementRunner(connection, terminal, new TsvResultWriter(output)).Run($"SELECT * FROM {SqlText.Quote(table)}");
    }
}
