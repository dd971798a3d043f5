namespace LsmTree.Crash.Tests.Models;

/// <summary>One step of a history: which operation, and the seed of everything that it draws. Leaving out a step does not change the others.</summary>
internal readonly record struct Step(int Operation, ulong Seed);
