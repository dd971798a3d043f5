namespace WebApiSample;

/// <summary>A package of a Debian release.</summary>
internal sealed record Package(string Name, string Version, long InstalledKib);
