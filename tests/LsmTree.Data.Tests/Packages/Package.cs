namespace LsmTree.Data.Tests.Packages;

/// <summary>A package of a Debian release, as the table <c>packages</c> holds it.</summary>
internal sealed record Package(string Name, string Version, string Section, long InstalledKib, long SizeBytes, string Maintainer, string Description);
