namespace LsmTree.Cli.Results;

/// <summary>Writes results, one after another. For each: <see cref="Begin"/>, then <see cref="Row"/> for each row, then <see cref="End"/>.</summary>
internal interface IResultWriter
{
    void Begin(IReadOnlyList<string> columns);

    /// <summary>Writes a row. A value is null (NULL) or as the reader gives it. The array may be reused after the call.</summary>
    void Row(object?[] values);

    void End();

    /// <summary>Tells what a statement without rows did, in formats made for people; other formats hold data only and stay silent.</summary>
    void Note(string message);
}
