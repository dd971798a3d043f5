namespace LsmTree.Storage.Views;

/// <summary>One who reads a moment of the store, and his place in a <see cref="ReaderChain"/>. Reusable after it was removed.</summary>
/// <param name="kind">What he reads with.</param>
internal sealed class ReaderHandle(ReaderKind kind)
{
    public ReaderKind Kind => kind;

    public ulong Sequence { get; set; }

    /// <summary>The moment by which entries expire for it, in milliseconds since 1970. Nobody asks it of a cursor.</summary>
    public long Moment { get; set; }

    public ReadPoint Point => new(Sequence, Moment);

    /// <summary>When it was listed, as a timestamp of the store's clock.</summary>
    public long Since { get; set; }

    /// <summary>From where, when the store was asked to remember that.</summary>
    public string? Stack { get; set; }

    /// <summary>The chain that it is in; null before and after.</summary>
    public ReaderChain? Chain { get; set; }

    public ReaderHandle? Older { get; set; }

    public ReaderHandle? Newer { get; set; }
}
