using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Scripts;

/// <summary>Whoever runs scripts: what a word does is <see cref="ScriptWord"/>'s, what must come of it the target's.</summary>
internal interface IScriptTarget
{
    /// <summary>The number that the next commit has.</summary>
    int NextCommit { get; }

    /// <summary>One commit.</summary>
    /// <param name="change">What it does to the state, given its number.</param>
    /// <param name="asked">The durability asked for; null for the store's own.</param>
    /// <param name="write">Does it to the store.</param>
    void Commit(Action<int[], int> change, Durability? asked, Action<LsmStore, int, Durability?> write);

    /// <summary>A commit that is durable when it returns, whatever the store's mode, as all before it are.</summary>
    void Load(Action<int[], int> change, Action<LsmStore, int> write);

    /// <summary>Inserts unless the key is there.</summary>
    void Insert(int key);

    /// <summary>Something that changes nothing that readers see.</summary>
    void Do(Action<LsmStore> action);

    /// <summary>The same, after which everything is in tables.</summary>
    void Flush(Action<LsmStore> action);

    /// <summary>Makes a copy of the store's present state in the directory that it is given. Flushes first.</summary>
    void Copy(Action<LsmStore, SimFileSystem, string> copy);

    /// <summary>Reads all, and verifies.</summary>
    void Verify();

    void Reopen();

    void Kill();

    void TakeSnapshot();
}
