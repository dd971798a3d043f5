using LsmTree.Storage.Files;
using LsmTree.Storage.Logs;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Logs;

/// <summary>Where logs end, and what is told from the bytes behind the end.</summary>
public sealed class LogDamageTests
{
    private const int Header = LogFormat.HeaderBytes;

    private static byte[] Unsynced { get; } = LogTestFile.Bytes(static writer => LogTestFile.AppendRecords(writer, 0, 12));

    private static byte[] SyncedHalfWay { get; } = LogTestFile.Bytes(static writer =>
    {
        LogTestFile.AppendRecords(writer, 0, 6);
        writer.Sync();
        LogTestFile.AppendRecords(writer, 6, 12);
    });

    private static byte[] Closed { get; } = LogTestFile.Bytes(static writer =>
    {
        LogTestFile.AppendRecords(writer, 0, 12);
        writer.Close();
    });

    [Fact]
    public void A_log_without_records_is_open()
    {
        var bytes = LogTestFile.Bytes(static _ => { });
        Assert.Equal(Header, bytes.Length);
        Assert.Equal((0, new LogEnd.Open(Header)), LogTestFile.Read(bytes));
        Assert.Equal((0, new LogEnd.Open(Header)), LogTestFile.Read([.. bytes, .. new byte[70_000]]));
    }

    [Fact]
    public void A_log_that_was_created_and_never_begun_is_torn_at_its_first_byte()
    {
        foreach (var length in (int[])[0, 1, 63, 64, 65, 65536, 300_000])
        {
            foreach (var knowsIdentity in (bool[])[true, false])
            {
                var (records, end) = LogTestFile.Read(new byte[length], knowsIdentity);
                Assert.Equal(0, records);
                Assert.Equal(0, Assert.IsType<LogEnd.Torn>(end).Offset);
            }
        }
    }

    [Fact]
    public void Zeros_behind_the_last_record_are_a_clean_end()
    {
        foreach (var zeros in (int[])[0, 1, 31, 32, 33, 4096, 200_000])
        {
            Assert.Equal((12, new LogEnd.Open(Unsynced.Length)), LogTestFile.Read([.. Unsynced, .. new byte[zeros]]));
        }
    }

    [Fact]
    public void A_mapped_log_left_by_a_dead_process_is_open()
    {
        var files = new FaultyFileSystem();
        using var writer = LogWriter.Create(files, LogTestFile.Path, LogTestFile.Identity, new AppendSettings(Mapped: true));
        writer.Begin(LogTestFile.Predecessor);
        LogTestFile.AppendRecords(writer, 0, 12);
        var bytes = FileContents.Read(files.Crash(CrashProfile.ProcessDeath), LogTestFile.Path);
        Assert.Equal(64 << 10, bytes.Length);
        Assert.Equal((12, new LogEnd.Open(writer.Position)), LogTestFile.Read(bytes));
    }

    [Fact]
    public void A_closed_log_says_so()
    {
        Assert.Equal((12, new LogEnd.Closed(Unsynced.Length)), LogTestFile.Read(Closed));
        Assert.Equal((12, new LogEnd.Closed(Unsynced.Length)), LogTestFile.Read([.. Closed, .. new byte[5000]]));
        var (_, end) = LogTestFile.Read([.. Closed, 0, 0, 1]);
        Assert.Equal(Closed.Length + 2, Assert.IsType<LogEnd.Damaged>(end).Offset);
    }

    [Fact]
    public void Every_truncation_gives_a_prefix_and_an_end_that_is_no_damage()
    {
        var ends = RecordEnds(Unsynced);
        for (var length = Header; length <= Unsynced.Length; length++)
        {
            var (records, end) = LogTestFile.Read(Unsynced[..length]);
            Assert.Equal(ends.Count(offset => offset <= length), records);
            var whole = records == 0 ? Header : ends[records - 1];
            Assert.Equal(whole, end.Offset);
            if (IsZero(Unsynced.AsSpan(whole, length - whole)))
            {
                Assert.IsType<LogEnd.Open>(end);
            }
            else
            {
                Assert.Equal(0, Assert.IsType<LogEnd.Torn>(end).DiscardedRecords);
            }
        }
    }

    [Fact]
    public void Every_truncation_below_what_is_known_to_be_durable_is_damage()
    {
        for (var length = 0; length < Unsynced.Length; length++)
        {
            var (_, end) = LogTestFile.Read(Unsynced[..length], durableBytes: Unsynced.Length);
            Assert.IsType<LogEnd.Damaged>(end);
        }
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x80)]
    [InlineData(0x01)]
    public void Every_changed_byte_of_a_closed_log_is_damage_at_the_record_that_has_it(int change)
    {
        var ends = RecordEnds(Closed);
        for (var at = 0; at < Closed.Length; at++)
        {
            var bytes = (byte[])Closed.Clone();
            bytes[at] ^= (byte)change;
            var (records, end) = LogTestFile.Read(bytes);
            var intact = ends.Count(offset => offset <= at);
            Assert.Equal(intact, records);
            if (at < Unsynced.Length || (change != 0xFF && bytes[at] != 0))
            {
                Assert.True(end is LogEnd.Damaged, $"byte {at}: {end}");
            }
            else
            {
                // Nothing behind the trailer speaks for it, and it looks half written: the log was closed, or about to be.
                Assert.IsType<LogEnd.Torn>(end);
            }

            Assert.Equal(at < Header ? 0 : intact == 0 ? Header : ends[intact - 1], end.Offset);
        }
    }

    [Fact]
    public void Every_changed_byte_of_an_unsynced_log_cuts_it_to_a_prefix()
    {
        var ends = RecordEnds(Unsynced);
        for (var at = 0; at < Unsynced.Length; at++)
        {
            var bytes = (byte[])Unsynced.Clone();
            bytes[at] ^= 0xFF;
            var (records, end) = LogTestFile.Read(bytes);
            Assert.Equal(at < Header ? 0 : ends.Count(offset => offset <= at), records);
            if (at >= LogFormat.Magic.Length)
            {
                var torn = Assert.IsType<LogEnd.Torn>(end);
                Assert.Equal(at < Header ? 12 : 11 - records, torn.DiscardedRecords);
            }
            else
            {
                Assert.IsType<LogEnd.Damaged>(end);
            }
        }
    }

    [Fact]
    public void Damage_below_a_durable_point_is_proven_by_a_later_record()
    {
        var ends = RecordEnds(SyncedHalfWay);
        for (var record = 0; record < 12; record++)
        {
            var bytes = (byte[])SyncedHalfWay.Clone();
            var start = record == 0 ? Header : ends[record - 1];
            bytes.AsSpan(start, ends[record] - start).Fill(0x5A);
            var (records, end) = LogTestFile.Read(bytes);
            Assert.Equal(record, records);
            Assert.Equal(start, end.Offset);
            if (record < 6)
            {
                Assert.Contains($"synced up to offset {ends[5]}", Assert.IsType<LogEnd.Damaged>(end).Expected, StringComparison.Ordinal);
            }
            else
            {
                Assert.Equal(11 - record, Assert.IsType<LogEnd.Torn>(end).DiscardedRecords);
            }
        }
    }

    [Fact]
    public void A_sector_of_zeros_in_the_middle_is_judged_by_what_follows_it()
    {
        var ends = RecordEnds(SyncedHalfWay);
        foreach (var (record, isDamage) in ((int, bool)[])[(2, true), (8, false)])
        {
            var bytes = (byte[])SyncedHalfWay.Clone();
            bytes.AsSpan(ends[record - 1], ends[record] - ends[record - 1]).Clear();
            var (records, end) = LogTestFile.Read(bytes);
            Assert.Equal(record, records);
            Assert.Equal(isDamage, end is LogEnd.Damaged);
            Assert.Equal(!isDamage, end is LogEnd.Torn);
        }
    }

    [Fact]
    public void One_flipped_bit_in_the_last_record_is_damage_unless_a_lost_sector_would_look_the_same()
    {
        var ends = RecordEnds(Unsynced);
        for (var bit = 8 * ends[10]; bit < 8 * Unsynced.Length; bit++)
        {
            var bytes = (byte[])Unsynced.Clone();
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            var (records, end) = LogTestFile.Read(bytes);
            Assert.Equal(11, records);
            Assert.Equal(ends[10], end.Offset);
            Assert.True(bytes[bit / 8] == 0 ? end is LogEnd.Torn : end is LogEnd.Damaged, $"bit {bit}: {end}");
        }
    }

    [Fact]
    public void One_flipped_bit_in_reserved_zeros_costs_nothing()
    {
        var bytes = new byte[Unsynced.Length + 5000];
        Unsynced.CopyTo(bytes, 0);
        bytes[Unsynced.Length + 700] = 8;
        var (records, end) = LogTestFile.Read(bytes);
        Assert.Equal(12, records);
        Assert.Equal(0, Assert.IsType<LogEnd.Torn>(end).DiscardedRecords);
    }

    [Fact]
    public void A_length_that_lies_is_never_allocated()
    {
        var bytes = (byte[])Unsynced.Clone();
        bytes[Header + 8 + 3] = 0x3F; // length of about a GiB, header checksum wrong
        var before = GC.GetAllocatedBytesForCurrentThread();
        LogTestFile.Read(bytes);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4 << 20);
    }

    [Fact]
    public void A_record_beyond_the_end_of_the_file_is_torn_though_its_header_is_good()
    {
        var bytes = LogTestFile.Bytes(static writer => writer.Append(LogRecordType.Batch, 100, 2, new byte[500_000]));
        var (records, end) = LogTestFile.Read(bytes[..^1]);
        Assert.Equal(0, records);
        Assert.Contains("beyond the end", Assert.IsType<LogEnd.Torn>(end).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_logs_bytes_are_not_taken_for_this_ones()
    {
        var files = new MemoryFileSystem();
        FileContents.Write(files, LogTestFile.Path, Unsynced);
        using (var reader = LogReader.Open(files, LogTestFile.Path, LogTestFile.Identity with { Number = 8 }))
        {
            Assert.False(reader.TryRead(out _));
            Assert.Null(reader.Header);
            var damaged = Assert.IsType<LogEnd.Damaged>(reader.End);
            Assert.Equal("log 8 of store 1122334455667788", damaged.Expected);
            Assert.Equal("log 7 of store 1122334455667788", damaged.Found);
        }

        // The same records at another offset are no records.
        var ends = RecordEnds(Unsynced);
        byte[] moved = [.. Unsynced.AsSpan(0, Header), .. Unsynced.AsSpan(ends[0])];
        Assert.Equal(0, LogTestFile.Read(moved).Records);
    }

    [Fact]
    public void A_newer_format_is_refused_by_name()
    {
        var bytes = new byte[Header];
        new LogHeader(LogFormat.Version + 1, LogTestFile.Identity, default).Write(bytes);
        var files = new MemoryFileSystem();
        FileContents.Write(files, LogTestFile.Path, bytes);
        Assert.Throws<StoreFormatException>(() => LogReader.Open(files, LogTestFile.Path));
    }

    [Fact]
    public void A_file_that_is_no_log_is_damage()
    {
        var (_, end) = LogTestFile.Read("#!/bin/sh\necho this is not a log, but it is long enough to have been one"u8.ToArray(), knowsIdentity: false);
        Assert.Contains("2321", Assert.IsType<LogEnd.Damaged>(end).Found, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_the_disk_is_an_error_and_not_an_end()
    {
        var files = new FaultyFileSystem();
        FileContents.Write(files, LogTestFile.Path, Unsynced);
        using (var reader = LogReader.Open(files, LogTestFile.Path, LogTestFile.Identity))
        {
            Assert.True(reader.TryRead(out _));
        }

        files.FailOn(FileOperation.Read);
        Assert.Throws<IOException>(() => LogReader.Open(files, LogTestFile.Path, LogTestFile.Identity));
        Assert.Empty(files.OpenHandles);
    }

    [Fact]
    public void Random_bytes_never_give_a_record_nor_another_exception()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[Header + random.Next(2000)];
            random.NextBytes(bytes);
            Unsynced.AsSpan(0, Header).CopyTo(bytes);
            var (records, end) = LogTestFile.Read(bytes);
            Assert.True(records == 0 && end is LogEnd.Torn or LogEnd.Open, $"seed {seed}: {end}");
        }
    }

    private static List<int> RecordEnds(byte[] bytes)
    {
        var files = new MemoryFileSystem();
        FileContents.Write(files, LogTestFile.Path, bytes);
        using var reader = LogReader.Open(files, LogTestFile.Path);
        var ends = new List<int>();
        while (reader.TryRead(out var record))
        {
            ends.Add((int)record.EndOffset);
        }

        return ends;
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;
}
