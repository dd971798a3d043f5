namespace LsmTree.Storage.Views;

/// <summary>What is done with a value where it lies.</summary>
internal static class FoundValue
{
    /// <summary>Copies the value when it fits.</summary>
    /// <returns>Its length, in any case.</returns>
    public static int CopyIfFits(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        if (value.Length <= destination.Length)
        {
            value.CopyTo(destination);
        }

        return value.Length;
    }
}
