using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using LsmTree.Storage;
using LsmTree.Storage.Blocks;
using LsmTree.Storage.Bytes;
using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tables;
using LsmTree.Storage.Versions;

namespace LsmTree.Crash.Tests.Hostility;

/// <summary>What chance would hardly make: files that were built to hurt, every checksum right.</summary>
public sealed class BuiltForgeryTests
{
    private const string Directory = "/db";
    private const int Entries = 2_000;

    private static readonly LsmStoreOptions s_options = new() { Compression = Storage.Compression.Brotli, Background = BackgroundMode.Manual, Seed = 1, LogAppend = LogAppend.Positional };

    [Theory]
    [InlineData(0, 64 << 20)] // what was there before: it becomes more than it says
    [InlineData(1, 64 << 20)] // it says so
    [InlineData(2, 1 << 20)] // it says four gibibytes
    public void A_block_that_unpacks_without_end(int lie, int zeros)
    {
        var files = CreateStore();
        var bytes = files[NameOf(files, ".sst")];
        var footer = Footer(bytes, out _);
        var first = TableIndex.Read(bytes.AsSpan((int)footer.Index.Offset, footer.Index.Size).ToArray(), footer.DataEnd)!.Handle(0);
        var contents = bytes.AsSpan((int)first.Offset, first.Size);
        Assert.Equal((byte)Storage.Compression.Brotli, bytes[first.Offset + first.Size]);
        Varint.TryRead32(contents, out var declared);
        var length = Varint.Write(contents, lie switch { 0 => declared, 1 => (ulong)zeros, _ => uint.MaxValue });
        Bomb(zeros).CopyTo(contents[length..]);
        Seal(bytes, first);
        AssertRefused(files, "block");
    }

    [Theory]
    [InlineData("index")]
    [InlineData("properties")]
    [InlineData("tombstones")]
    public void A_part_of_a_table_that_counts_without_end(string part)
    {
        foreach (var count in (ulong[])[int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue])
        {
            var files = CreateStore();
            var bytes = files[NameOf(files, ".sst")];
            var footer = Footer(bytes, out _);
            var handle = part switch { "index" => footer.Index, "properties" => footer.Properties, _ => footer.RangeTombstones };
            Varint.Write(bytes.AsSpan((int)handle.Offset, handle.Size), count);
            Seal(bytes, handle);
            AssertRefused(files, part);
        }
    }

    [Fact]
    public void A_filter_of_four_thousand_million_lines()
    {
        var files = CreateStore();
        var bytes = files[NameOf(files, ".sst")];
        var filter = Footer(bytes, out _).Filter;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((int)filter.Offset + filter.Size - 5), uint.MaxValue);
        Seal(bytes, filter);
        AssertRefused(files, "filter");
    }

    [Theory]
    [InlineData(0)] // itself
    [InlineData(1)] // one that comes after it
    [InlineData(-1)] // one that is gone
    public void A_log_that_follows_a_log_that_cannot_be_before_it(int distance)
    {
        var files = CreateStore();
        var bytes = files[NameOf(files, ".log")];
        var header = LogHeader.Decode(bytes);
        (header with { Predecessor = new LogPredecessor(header.Identity.Number + (ulong)(long)distance, long.MaxValue, ulong.MaxValue >> 8) }).Write(bytes);
        Read(files, "log");
    }

    [Fact]
    public void Two_logs_that_follow_each_other_in_a_circle()
    {
        var files = CreateStore();
        var name = NameOf(files, ".log");
        var bytes = files[name];
        var header = LogHeader.Decode(bytes);
        var next = header.Identity.Number + 1;
        (header with { Predecessor = new LogPredecessor(next, 1_000, 1) }).Write(bytes);
        var second = new byte[LogFormat.HeaderBytes];
        (header with { Identity = header.Identity with { Number = next }, Predecessor = new LogPredecessor(header.Identity.Number, 1_000, 1) }).Write(second);
        files[FileNames.Log(next)] = second;
        Read(files, "log");
    }

    [Fact]
    public void A_manifest_of_fifty_thousand_tables_that_are_not_there()
    {
        var files = CreateStore();
        AddTables(files, static payload => payload, [.. Enumerable.Range(0, 50_000).Select(static i => AnyTable(i % 7, 1_000_000 + i))]);
        AssertRefused(files, "manifest");
    }

    [Fact]
    public void A_manifest_with_a_key_without_end()
    {
        var files = CreateStore();
        AddTables(
            files,
            static payload =>
            {
                var key = payload.AsSpan().IndexOf("key"u8);
                return [.. payload[..(key - 1)], 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, .. payload[key..]];
            },
            AnyTable(1, 1_000_000));
        AssertRefused(files, "manifest");
    }

    [Theory]
    [InlineData("CURRENT\n")]
    [InlineData("LOCK\n")]
    [InlineData("../db/MANIFEST-000001\n")]
    [InlineData("MANIFEST-99999999999999999999\n")]
    public void A_CURRENT_that_names_itself_or_what_is_no_manifest(string text)
    {
        var files = CreateStore();
        files["CURRENT"] = Encoding.UTF8.GetBytes(text);
        AssertRefused(files, "CURRENT");
    }

    /// <summary>The files of a store that was killed: a table of compressed blocks with range tombstones, and a log with something in it.</summary>
    private static Dictionary<string, byte[]> CreateStore()
    {
        var disk = new MemoryFileSystem();
        var random = new Random(1);
        using var store = LsmStore.OpenOn(disk, Directory, null, s_options);
        for (var i = 0; i < Entries; i++)
        {
            var value = new byte[50];
            random.NextBytes(value);
            store.Put(Encoding.UTF8.GetBytes($"key{i:d6}"), Encoding.UTF8.GetBytes(Convert.ToHexString(value)));
        }

        using var snapshot = store.CreateSnapshot(); // keeps the deleted range in the table
        store.DeleteRange("key000100"u8, "key000200"u8);
        store.Flush();
        store.Put("last"u8, "1"u8);
        return disk.List(Directory).Where(static name => name != "LOCK").ToDictionary(static name => name, name => Contents(disk, name));
    }

    private static byte[] Contents(MemoryFileSystem disk, string name)
    {
        using var file = disk.OpenRead($"{Directory}/{name}");
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return bytes;
    }

    private static MemoryFileSystem Disk(Dictionary<string, byte[]> files)
    {
        var disk = new MemoryFileSystem();
        disk.CreateDirectory(Directory);
        foreach (var (name, bytes) in files)
        {
            using var file = disk.CreateAppend($"{Directory}/{name}", default);
            file.Append(bytes);
        }

        return disk;
    }

    private static string NameOf(Dictionary<string, byte[]> files, string part) => files.Keys.Where(name => name.Contains(part, StringComparison.Ordinal)).Max()!;

    /// <summary>All of it is read, or refused, within the limits.</summary>
    private static void Read(Dictionary<string, byte[]> files, string what) => HostileReading.Run(() => Disk(files), Directory, s_options, what);

    /// <summary>As <see cref="Read"/>, and whoever verifies is told.</summary>
    private static void AssertRefused(Dictionary<string, byte[]> files, string what)
    {
        Read(files, what);
        try
        {
            using var store = LsmStore.OpenOn(Disk(files), Directory, null, s_options);
            Assert.NotEmpty(store.Verify().Problems);
        }
        catch (StoreException)
        {
            // Refused when it was opened.
        }
    }

    /// <summary>The manifest, whose last record adds these tables.</summary>
    private static void AddTables(Dictionary<string, byte[]> files, Func<byte[], byte[]> forge, params IReadOnlyList<AddedTable> tables)
    {
        var buffer = new ByteBuffer();
        VersionEditFormat.Encode(new VersionEdit { Added = tables }, buffer);
        var payload = forge(buffer.Written.ToArray());
        var name = NameOf(files, "MANIFEST");
        var manifest = files[name];
        var seed = LogFormat.Seed(LogHeader.Decode(manifest).Identity);
        var at = LogFormat.HeaderBytes;
        var last = default(LogRecordHeader);
        while (at + LogFormat.RecordHeaderBytes <= manifest.Length && LogRecordHeader.TryRead(manifest.AsSpan(at), seed, at, out var header))
        {
            last = header;
            at += LogFormat.RecordHeaderBytes + (int)header.Length;
        }

        byte[] bytes = [.. manifest[..at], .. new byte[LogFormat.RecordHeaderBytes], .. payload];
        LogRecordHeader.Write(bytes.AsSpan(at), seed, at, last.Type, last.FirstSequence, last.Count, last.DurableBytes, payload);
        files[name] = bytes;
    }

    private static AddedTable AnyTable(int level, int number) => new(level, new TableInfo(
        (ulong)number, 4_000, Encoding.UTF8.GetBytes($"key{number:d9}"), Encoding.UTF8.GetBytes($"key{number:d9}x"), false, 1, 2, 2, 0, 0, 100, 7));

    private static byte[] Bomb(int zeros)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var piece = new byte[Math.Min(zeros, 1 << 20)];
            for (var done = 0; done < zeros; done += piece.Length)
            {
                brotli.Write(piece);
            }
        }

        return packed.ToArray();
    }

    private static TableFooter Footer(byte[] bytes, out BlockChecksum checksum)
    {
        var at = bytes.Length - TableFooter.Bytes;
        var (storeId, number) = TableFooter.IdentityOf(bytes.AsSpan(at));
        checksum = BlockChecksum.ForFile(storeId, number);
        return TableFooter.Read(bytes.AsSpan(at), at, "forged", storeId, number);
    }

    private static void Seal(byte[] bytes, BlockHandle part)
    {
        Footer(bytes, out var checksum);
        var covered = bytes.AsSpan((int)part.Offset, part.Size + 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan((int)part.Offset + part.Size + 1), checksum.Compute(covered, part.Offset));
        Forgery.SealTable(bytes, checksum);
    }
}
