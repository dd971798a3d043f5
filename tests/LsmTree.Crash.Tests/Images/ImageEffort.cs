namespace LsmTree.Crash.Tests.Images;

/// <summary>How many images are made at one point.</summary>
/// <param name="RandomImages">Throws of the dice for each random persistence.</param>
/// <param name="NameImages">Throws for the unsynced names, at most.</param>
/// <param name="TornImages">Places at which a write is torn, at most about.</param>
/// <param name="NestedEvery">After how many images the recovery is crashed, too; 0 for never.</param>
internal readonly record struct ImageEffort(int RandomImages, int NameImages, int TornImages, int NestedEvery);
