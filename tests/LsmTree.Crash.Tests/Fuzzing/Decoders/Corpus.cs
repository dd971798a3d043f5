using LsmTree.Crash.Tests.Corruption;
using LsmTree.Storage.Backups;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Bytes that are right, one list for each decoder, taken from the stores that the other parts damage.</summary>
internal static class Corpus
{
    private static readonly Dictionary<string, byte[]> s_files = Fixture.All
        .SelectMany(static fixture => fixture.Names.Select(name => (Name: $"{fixture.Name}/{name}", Bytes: fixture.Bytes(name))))
        .ToDictionary(static file => file.Name, static file => file.Bytes);

    public static IReadOnlyList<byte[]> Logs { get; } = [.. Files(".log").Select(Cut)];

    public static IReadOnlyList<byte[]> Manifests { get; } = [.. s_files.Where(static file => file.Key.Contains("/MANIFEST-", StringComparison.Ordinal)).Select(static file => Cut(file.Value))];

    public static IReadOnlyList<byte[]> Tables { get; } = [.. Files(".sst")];

    /// <summary>Payloads of the records of logs.</summary>
    public static IReadOnlyList<byte[]> Batches { get; } = [.. Logs.SelectMany(Payloads).Where(static payload => payload.Length is > 0 and < 4096)];

    /// <summary>Payloads of the records of manifests.</summary>
    public static IReadOnlyList<byte[]> Edits { get; } = [.. Manifests.SelectMany(Payloads).Where(static payload => payload.Length > 0)];

    public static IReadOnlyList<byte[]> Footers { get; } = [.. Tables.Select(static table => table[^TableFooter.Bytes..])];

    public static IReadOnlyList<byte[]> Indexes { get; } = [.. Tables.Select(static table => Part(table, FooterOf(table).Index)).OfType<byte[]>()];

    public static IReadOnlyList<byte[]> Filters { get; } = [.. Tables.Select(static table => Part(table, FooterOf(table).Filter)).OfType<byte[]>()];

    public static IReadOnlyList<byte[]> Tombstones { get; } = [.. Tables.Select(static table => Part(table, FooterOf(table).RangeTombstones)).OfType<byte[]>()];

    public static IReadOnlyList<byte[]> Properties { get; } = [.. Tables.Select(static table => Part(table, FooterOf(table).Properties)).OfType<byte[]>()];

    /// <summary>Blocks of entries that are stored as they are.</summary>
    public static IReadOnlyList<byte[]> Blocks { get; } = [.. Tables.SelectMany(static table => DataBlocks(table, Storage.Compression.None)).Where(static block => block.Length < 4096)];

    /// <summary>Blocks of entries that are stored compressed.</summary>
    public static IReadOnlyList<byte[]> Compressed { get; } = [.. Tables.SelectMany(static table => DataBlocks(table, Storage.Compression.Brotli))];

    public static IReadOnlyList<byte[]> Backups { get; } = [.. Edits.Select(Backup).OfType<byte[]>()];

    public static IReadOnlyList<byte[]> Options { get; } = [.. Files("/OPTIONS")];

    private static IEnumerable<byte[]> Files(string suffix) => s_files.Where(file => file.Key.EndsWith(suffix, StringComparison.Ordinal)).Select(static file => file.Value);

    private static TableFooter FooterOf(byte[] table)
    {
        var (storeId, number) = TableFooter.IdentityOf(table.AsSpan(table.Length - TableFooter.Bytes));
        return TableFooter.Read(table.AsSpan(table.Length - TableFooter.Bytes), table.Length - TableFooter.Bytes, "corpus", storeId, number);
    }

    private static byte[]? Part(byte[] table, BlockHandle handle) =>
        handle.IsAbsent || (Storage.Compression)table[(int)handle.Offset + handle.Size] != Storage.Compression.None ? null : table.AsSpan((int)handle.Offset, handle.Size).ToArray();

    private static IEnumerable<byte[]> DataBlocks(byte[] table, Storage.Compression compression)
    {
        var footer = FooterOf(table);
        if (Part(table, footer.Index) is { } contents && TableIndex.Read(contents, footer.DataEnd) is { } index)
        {
            for (var i = 0; i < index.Count; i++)
            {
                var handle = index.Handle(i);
                if ((Storage.Compression)table[(int)handle.Offset + handle.Size] == compression)
                {
                    yield return table.AsSpan((int)handle.Offset, handle.Size).ToArray();
                }
            }
        }
    }

    /// <summary>A log without the space that it has reserved, and at most 16 KiB of it.</summary>
    private static byte[] Cut(byte[] log) => log[..Math.Min(log.AsSpan().LastIndexOfAnyExcept((byte)0) + 64, Math.Min(log.Length, 16 << 10))];

    private static List<byte[]> Payloads(byte[] log)
    {
        var payloads = new List<byte[]>();
        using var reader = LogReader.Open(new OneFile(log), "corpus");
        while (reader.TryRead(out var record))
        {
            payloads.Add(record.Payload.ToArray());
        }

        return payloads;
    }

    private static byte[]? Backup(byte[] payload)
    {
        if (!VersionEditFormat.TryDecode(payload, out var image, out _) || image.FormatVersion is null || image.StoreId is null || image.Removed.Count > 0)
        {
            return null;
        }

        var files = new MemoryFileSystem();
        files.CreateDirectory("/b");
        new BackupRecord(1, 1_700_000_000_000, 4096, "/a/store", image).Write(files, "/b");
        using var file = files.OpenRead($"/b/{BackupNames.Record(1)}");
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }
}
