using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>Some columns of a source, as they are.</summary>
internal sealed class SelectedColumns(IRowSource source, int[] ordinals) : IRowSource
{
    public bool Read() => source.Read();

    public void GetValue(int ordinal, out SqlValue value) => source.GetValue(ordinals[ordinal], out value);

    public void Dispose() => source.Dispose();
}
