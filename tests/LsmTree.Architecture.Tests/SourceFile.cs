namespace LsmTree.Architecture.Tests;

/// <summary>A file of the repository.</summary>
/// <param name="Path">Its path from the repository's root, with forward slashes.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record SourceFile(string Path, string[] Lines)
{
    /// <summary>The project it belongs to: the second part of src/PROJECT/FOLDER/FILE.cs.</summary>
    public string Project => Path.Split('/')[1];

    /// <summary>The first folder below the project; empty for a file in the project's root.</summary>
    public string Folder => Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

    /// <summary>The name without its ending and without a generic type's parameters: LsmParameter{T}.cs holds LsmParameter.</summary>
    public string FileName => System.IO.Path.GetFileNameWithoutExtension(Path).Split('{')[0];

    /// <summary>The lines without those that are comments, with their numbers from 1.</summary>
    public IEnumerable<(int Number, string Text)> CodeLines()
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            if (!Lines[i].TrimStart().StartsWith("//", StringComparison.Ordinal))
            {
                yield return (i + 1, Lines[i]);
            }
        }
    }
}
