namespace LsmTree.Data.Tests.Docs;

/// <param name="Line">The line of the fence, from 1.</param>
/// <param name="Language">What the fence says, such as csharp; empty when it says nothing.</param>
/// <param name="Lines">What stands between the fences.</param>
/// <param name="Before">The line above the fence.</param>
internal sealed record MarkdownBlock(int Line, string Language, string[] Lines, string Before);
