namespace LsmTree.Storage;

/// <summary>The directory is not a store, or its format is newer than this version of the library reads.</summary>
public sealed class StoreFormatException : StoreException
{
    /// <summary>Describes what was found instead of a store that can be opened.</summary>
    /// <param name="message">What was found, where, and what to do.</param>
    public StoreFormatException(string message) : base(message)
    {
    }
}
