namespace LsmTree.Storage.Versions;

/// <summary>The formats of a store. The manifest names the one that its files need, and that only grows.</summary>
/// <remarks>
/// <code>
///   1   all that docs/formats draws, but for
///   2   entries that expire: kind 3 in batches and tables, tables of version 2, tag 8 in the manifest
/// </code>
/// <para>A ratchet: a store is created in format 1, and opening one raises nothing. The first use of something newer raises the format, durably, before
/// the first byte that an older program could misread is written. So an older program reads a store for as long as it can, and after that
/// refuses it by name instead of misreading it. docs/decisions/0005 says why.</para>
/// </remarks>
internal static class StoreFormat
{
    public const uint Base = 1;

    public const uint ExpiringEntries = 2;

    /// <summary>The newest format that this library reads.</summary>
    public const uint Newest = ExpiringEntries;

    /// <summary>What an edit needs for its tables.</summary>
    public static uint NeededBy(VersionEdit edit) =>
        Math.Max(edit.FormatVersion ?? Base, edit.Added.Any(static added => added.Info.Expiry is not null) ? ExpiringEntries : Base);

    /// <summary>The refusal of a store that is newer than this library.</summary>
    public static StoreFormatException Refuse(string path, uint found)
    {
        var program = typeof(StoreFormat).Assembly.GetName();
        return new StoreFormatException(
            $"{path} is of a store in format {found}. This program ({program.Name} {program.Version?.ToString(3)}) reads the formats {Base} to {Newest}; "
            + $"format {found} was made by a newer one. Open the store with the version of LsmTree that wrote it, or a later one.");
    }
}
