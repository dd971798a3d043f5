namespace LsmTree.Storage;

/// <summary>Another process, or another store object of this process, holds the directory.</summary>
public sealed class StoreLockedException : StoreException
{
    /// <summary>Describes who holds <paramref name="directory"/>.</summary>
    /// <param name="directory">The directory that could not be locked.</param>
    /// <param name="holder">Who holds it, in words: process id, process name and since when; or that this is not known.</param>
    public StoreLockedException(string directory, string holder)
        : base($"The store in {directory} is in use by {holder}. One process at a time may open a store for writing; close it there, or open this one read-only.")
    {
        Directory = directory;
        Holder = holder;
    }

    /// <summary>The directory that could not be locked.</summary>
    public string Directory { get; }

    /// <summary>Who holds the lock, in words.</summary>
    public string Holder { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
