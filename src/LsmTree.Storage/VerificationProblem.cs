namespace LsmTree.Storage;

/// <summary>One damaged place.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Offset">Where in the file, in bytes.</param>
/// <param name="Description">What is wrong, and which keys it concerns where that is known.</param>
public sealed record VerificationProblem(string File, long Offset, string Description);
