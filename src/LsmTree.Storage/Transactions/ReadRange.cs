namespace LsmTree.Storage.Transactions;

/// <summary>What a cursor of a serializable transaction has read so far: every key in [<see cref="Low"/>, <see cref="High"/>], null for open.</summary>
internal sealed class ReadRange
{
    private bool _any;

    /// <summary>The smallest key read or passed; null from the start of the store.</summary>
    public byte[]? Low { get; private set; }

    /// <summary>The largest key read or passed (inclusive); null to the end of the store.</summary>
    public byte[]? High { get; private set; }

    public bool IsEmpty => !_any;

    /// <summary>Notes that everything between the two was looked at; null for open.</summary>
    public void Include(ReadOnlySpan<byte> low, bool lowIsOpen, ReadOnlySpan<byte> high, bool highIsOpen)
    {
        if (!_any)
        {
            _any = true;
            Low = lowIsOpen ? null : low.ToArray();
            High = highIsOpen ? null : high.ToArray();
            return;
        }

        if (lowIsOpen)
        {
            Low = null;
        }
        else if (Low is not null && low.SequenceCompareTo(Low) < 0)
        {
            Low = low.ToArray();
        }

        if (highIsOpen)
        {
            High = null;
        }
        else if (High is not null && high.SequenceCompareTo(High) > 0)
        {
            High = high.ToArray();
        }
    }
}
