namespace LsmTree.Crash.Tests.Fuzzing;

/// <summary>Decodes one input. Throws when the answer is not among the documented ones; must leave the bytes as they are.</summary>
internal delegate void FuzzFeed(byte[] bytes, ref Dice dice);
