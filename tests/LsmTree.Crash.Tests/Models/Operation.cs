namespace LsmTree.Crash.Tests.Models;

/// <summary>One kind of thing that a program does to a store, done to a store and to its model.</summary>
/// <remarks>
/// To add a kind: derive from this and list it in <see cref="OperationKinds"/>. Draw everything from the dice, in the same order whatever the store
/// answers, and tell what a reader sees to <see cref="ModelRun.See(long)"/>, so that runs with other options can be compared.
/// </remarks>
internal abstract class Operation
{
    /// <summary>How often it is drawn, in relation to the others.</summary>
    public abstract int Weight { get; }

    public string Name => GetType().Name;

    public abstract void Run(ModelRun run, ref Dice dice);
}
