using LsmTree.Data.Values;

namespace LsmTree.Data.Execution;

/// <summary>One row without columns: what a SELECT without table computes its outputs from. None when its condition does not hold.</summary>
internal sealed class OneRow(bool exists) : IRowSource
{
    private bool _exists = exists;

    public bool Read()
    {
        var exists = _exists;
        _exists = false;
        return exists;
    }

    public void GetValue(int ordinal, out SqlValue value) => throw new InvalidOperationException("This row has no columns.");

    public void Dispose() => _exists = false;
}
