namespace LsmTree.Data.Diagnostics;

/// <summary>What all operations on an engine have in common for those who watch them.</summary>
/// <param name="database">The directory's name, or the name of the store in memory.</param>
/// <param name="store">What the engine's own metrics call it.</param>
internal sealed class OperationTags(string database, string store)
{
    public KeyValuePair<string, object?> System { get; } = new(DataInstruments.SystemTag, DataInstruments.System);

    public KeyValuePair<string, object?> Namespace { get; } = new(DataInstruments.NamespaceTag, database);

    /// <summary>What the conventions call a pool is an engine here: the connections to it share everything.</summary>
    public KeyValuePair<string, object?> Pool { get; } = new(DataInstruments.PoolTag, database);

    public KeyValuePair<string, object?> Store { get; } = new(DataInstruments.StoreTag, store);
}
