namespace LsmTree.Data.Diagnostics;

/// <summary>What all operations on an engine have in common for those who watch them.</summary>
/// <param name="database">The directory's name, or the name of the store in memory.</param>
/// <param name="store">What the engine's own metrics call it.</param>
internal sealed class OperationTags(string database, string store)
{
    public KeyValuePair<string, object?> System { get; } = new(DataInstruments.SystemTag, DataInstruments.System);

    public KeyValuePair<string, object?> Namespace { get; } = new(DataInstruments.NamespaceTag, database);

    public KeyValuePair<string, object?> Store { get; } = new(DataInstruments.StoreTag, store);
}
