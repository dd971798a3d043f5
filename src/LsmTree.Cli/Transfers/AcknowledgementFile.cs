using System.Globalization;
using System.Text;

namespace LsmTree.Cli.Transfers;

/// <summary>Records, outside the store, which commits have returned: after a crash, every row up to the last recorded line must be there.</summary>
/// <remarks>
/// One line for each transaction, appended after its commit and handed to the operating system at once:
/// <c>last line of the file that the commit covers ⇥ rows in the transaction ⇥ rows so far</c>, for example <c>2001⇥1000⇥2000</c>.
/// </remarks>
internal sealed class AcknowledgementFile : IDisposable
{
    private readonly FileStream? _stream;

    private AcknowledgementFile(FileStream? stream)
    {
        _stream = stream;
    }

    /// <param name="path">The file, which is appended to; null records nothing.</param>
    public static AcknowledgementFile Open(string? path) =>
        new(path is null ? null : new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0));

    public void Add(long lastLine, long rowsInTransaction, long rowsSoFar) =>
        _stream?.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{lastLine}\t{rowsInTransaction}\t{rowsSoFar}\n")));

    public void Dispose() => _stream?.Dispose();
}
