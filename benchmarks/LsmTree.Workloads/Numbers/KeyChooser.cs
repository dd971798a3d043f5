namespace LsmTree.Workloads.Numbers;

/// <summary>Says which key the next operation is about.</summary>
internal abstract class KeyChooser
{
    /// <summary>The number of a key.</summary>
    public abstract long Next();
}
