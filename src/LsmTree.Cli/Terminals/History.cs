namespace LsmTree.Cli.Terminals;

/// <summary>The lines typed before, oldest first, kept in a file of the user between runs.</summary>
/// <remarks>A history is a comfort: when its file cannot be read or written, the session goes on without it.</remarks>
internal sealed class History
{
    private const int MaxLines = 1000;

    private readonly List<string> _lines = [];
    private readonly string? _file;

    private History(string? file)
    {
        _file = file;
    }

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    public static History Load(string? file)
    {
        var history = new History(file);
        try
        {
            if (file is not null && File.Exists(file))
            {
                history._lines.AddRange(File.ReadLines(file).TakeLast(MaxLines));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            history._lines.Clear();
        }

        return history;
    }

    /// <summary>Remembers a line, unless it is blank or repeats the last one.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_lines.Count > MaxLines)
        {
            _lines.RemoveAt(0);
        }
    }

    public void Save()
    {
        if (_file is null)
        {
            return;
        }

        try
        {
            File.WriteAllLines(_file, _lines);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return; // A read-only home is no reason to fail a session that did its work.
        }
    }
}
