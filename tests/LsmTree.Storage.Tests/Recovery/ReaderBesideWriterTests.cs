using System.Globalization;
using System.Text;
using LsmTree.Storage.Files;
using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests.Recovery;

/// <summary>A store opened read-only while another object writes it: its moment stays as it is, and is one that there was.</summary>
public sealed class ReaderBesideWriterTests : IDisposable
{
    private const string Store = "/db";

    private static readonly LsmStoreOptions s_writing = new() { MemtableBytes = 64 << 10, TableBytes = 64 << 10, Background = BackgroundMode.Manual, Seed = 1 };
    private static readonly LsmStoreOptions s_reading = s_writing with { Mode = OpenMode.ReadOnly };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_a_reader_has_opened_stays_while_the_writer_replaces_and_deletes_every_file()
    {
        var directory = _directory.File("db");
        using var writer = LsmStore.Open(directory, s_writing);
        WriteRound(writer, 1);
        writer.Flush();
        WriteRound(writer, 2);
        using var reader = LsmStore.Open(directory, s_reading);
        var names = Directory.GetFiles(directory).Where(static name => name.EndsWith(".sst", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(names);
        Assert.Equal(2, RoundOf(reader));
        for (var round = 3; round < 8; round++)
        {
            WriteRound(writer, round);
            writer.DeleteRange("k"u8, "l"u8);
            WriteRound(writer, round);
            writer.Compact();
            while (writer.RunBackgroundStep())
            {
                // Until nothing is left to delete.
            }

            Assert.Equal(2, RoundOf(reader));
        }

        Assert.DoesNotContain(names, File.Exists);
        Assert.Equal(2, RoundOf(reader));
        using var later = LsmStore.Open(directory, s_reading);
        Assert.Equal(7, RoundOf(later));
    }

    [Fact]
    public void A_reader_changes_no_byte_and_takes_no_lock()
    {
        var files = new FaultyFileSystem();
        using var writer = LsmStore.OpenOn(files, Store, null, s_writing);
        WriteRound(writer, 1);
        writer.Flush();
        WriteRound(writer, 2);
        var operations = files.Trace.Count;
        using (var reader = LsmStore.OpenOn(files, Store, null, s_reading))
        {
            Assert.Equal(2, RoundOf(reader));
            using var snapshot = reader.CreateSnapshot();
            using var other = LsmStore.OpenOn(files, Store, null, s_reading);
            Assert.Throws<InvalidOperationException>(() => reader.Flush());
            Assert.Throws<InvalidOperationException>(() => reader.BeginBulkLoad());
        }

        Assert.Equal(operations, files.Trace.Count);
    }

    [Theory]
    [InlineData(RecoveryMode.TornTail)]
    [InlineData(RecoveryMode.PointInTime)]
    public void Whatever_the_writer_does_between_two_looks_of_a_reader_it_sees_a_moment_that_there_was(RecoveryMode recovery)
    {
        // The writer goes on at the n-th file that the reader opens, for every n: rotations, flushes, loads, a whole new run.
        for (var moment = 1; moment <= 14; moment++)
        {
            for (var what = 0; what < 5; what++)
            {
                var files = new FaultyFileSystem();
                var writer = LsmStore.OpenOn(files, Store, null, s_writing);
                WriteRound(writer, 1);
                writer.Flush();
                WriteRound(writer, 2);
                var (opened, round) = (0, 2);
                var watched = new WatchedFileSystem(files, _ =>
                {
                    if (++opened == moment)
                    {
                        writer = GoOn(files, writer, what);
                        round = 6;
                    }
                });
                using (var reader = LsmStore.OpenOn(watched, Store, null, s_reading with { Recovery = recovery }))
                {
                    var found = RoundsOf(reader);
                    Assert.True(found[^1] >= 2 && found[^1] <= round, $"round {found[^1]}, moment {moment}, what {what}");
                    Assert.True(found.SequenceEqual(RoundsOf(writer).Take(found.Count)), $"rounds {string.Join(' ', found)}, moment {moment}, what {what}");
                }

                writer.Dispose();
            }
        }
    }

    [Fact]
    public void Readers_that_open_during_heavy_rotation_see_whole_rounds_in_order_or_are_refused_by_name()
    {
        var directory = _directory.File("db");
        using var writer = LsmStore.Open(directory, s_writing with { Background = BackgroundMode.Threads });
        WriteRound(writer, 1);
        using var isDone = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            var die = new Random(7);
            for (var round = 2; round < 400 && !isDone.IsSet; round++)
            {
                if (die.Next(4) == 0)
                {
                    LoadRound(writer, round);
                }
                else
                {
                    WriteRound(writer, round);
                }

                if (die.Next(3) == 0)
                {
                    writer.Flush();
                }
            }
        });
        thread.Start();
        var (last, opened) = (0, 0);
        for (var i = 0; i < 40; i++)
        {
            try
            {
                using var reader = LsmStore.Open(directory, s_reading);
                var rounds = RoundsOf(reader);
                var round = rounds[^1];
                Assert.Equal(Enumerable.Range(1, round), rounds);
                Assert.True(round >= last, $"after round {last} a reader saw round {round}");
                last = round;
                opened++;
            }
            catch (StoreLockedException)
            {
                // The documented refusal.
            }
        }

        isDone.Set();
        thread.Join();
        using var final = LsmStore.Open(directory, s_reading);
        Assert.True(RoundOf(final) >= last);
        Assert.True(opened > 0);
    }

    [Fact]
    public void Damage_is_not_taken_for_a_writer_at_work()
    {
        var files = new FaultyFileSystem();
        using (var writer = LsmStore.OpenOn(files, Store, null, s_writing))
        {
            WriteRound(writer, 1);
        }

        var table = files.List(Store).First(static name => name.EndsWith(".sst", StringComparison.Ordinal));
        files.Delete($"{Store}/{table}");
        Assert.Contains(table, Assert.Throws<CorruptionException>(() => LsmStore.OpenOn(files, Store, null, s_reading)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_may_give_up_what_is_damaged_does_so_where_nobody_changes_anything()
    {
        var disk = new FaultyFileSystem();
        using var crashed = LsmStore.OpenOn(disk, Store, null, s_writing with { Durability = Durability.Full });
        WriteRound(crashed, 1);
        WriteRound(crashed, 2);
        WriteRound(crashed, 3);
        var files = FileContents.CopyOf(disk, Store);
        var log = files.List(Store).Single(name => name.EndsWith(".log", StringComparison.Ordinal) && FileContents.Read(files, $"{Store}/{name}").AsSpan().IndexOf(Own(2)) >= 0);
        var bytes = FileContents.Read(files, $"{Store}/{log}");
        bytes[bytes.AsSpan().IndexOf(Own(2))] ^= 1;
        FileContents.Write(files, $"{Store}/{log}", bytes);
        var names = files.List(Store);

        Assert.Contains(log, Assert.Throws<CorruptionException>(() => LsmStore.OpenOn(files, Store, null, s_reading)).Message, StringComparison.Ordinal);
        using (var reader = LsmStore.OpenOn(files, Store, null, s_reading with { Recovery = RecoveryMode.PointInTime }))
        {
            Assert.Equal(1, RoundOf(reader));
        }

        Assert.Equal(names, files.List(Store));
        Assert.Equal(bytes, FileContents.Read(files, $"{Store}/{log}"));
        using (var writer = LsmStore.OpenOn(files, Store, null, s_writing with { Recovery = RecoveryMode.PointInTime }))
        {
            Assert.Equal(1, RoundOf(writer));
        }

        Assert.Contains(log + ".lost", files.List(Store));
    }

    private static LsmStore GoOn(IFileSystem files, LsmStore writer, int what)
    {
        WriteRound(writer, 3);
        switch (what)
        {
            case 0:
                writer.Flush();
                WriteRound(writer, 4);
                writer.Compact();
                break;
            case 1:
                LoadRound(writer, 4);
                break;
            case 2:
                LoadRound(writer, 4);
                WriteRound(writer, 5);
                writer.Flush();
                RemoveLogs(files, writer);
                break;
            case 3:
                writer.Dispose();
                writer = LsmStore.OpenOn(files, Store, null, s_writing);
                break;
            default:
                writer.Dispose();
                writer = LsmStore.OpenOn(files, Store, null, s_writing);
                RemoveLogs(files, writer);
                break;
        }

        WriteRound(writer, 6);
        return writer;
    }

    /// <summary>Steps until obsolete logs are gone, and no further: the tables that the reader knows stay.</summary>
    private static void RemoveLogs(IFileSystem files, LsmStore writer)
    {
        var before = Logs();
        while (Logs().Intersect(before).Count() > 1 && writer.RunBackgroundStep())
        {
            // One after another.
        }

        List<string> Logs() => [.. files.List(Store).Where(static name => name.EndsWith(".log", StringComparison.Ordinal))];
    }

    /// <summary>A round is one commit that gives every key the number of the round, and adds a key of its own that stays.</summary>
    private static void WriteRound(LsmStore writer, int round)
    {
        var batch = new WriteBatch();
        for (var i = 0; i < 40; i++)
        {
            batch.Put(Key(i), Value(round));
        }

        batch.Put(Own(round), []);
        writer.Write(batch);
    }

    private static void LoadRound(LsmStore writer, int round)
    {
        using var load = writer.BeginBulkLoad();
        for (var i = 0; i < 40; i++)
        {
            load.Add(Key(i), Value(round));
        }

        load.Add(Own(round), []);
        load.Complete();
    }

    /// <summary>The newest round that a store sees.</summary>
    private static int RoundOf(LsmStore store) => RoundsOf(store)[^1];

    /// <summary>The rounds that a store sees, after making sure that it sees the newest of them as a whole, and nothing of a later one.</summary>
    private static List<int> RoundsOf(LsmStore store)
    {
        var newest = new HashSet<int>();
        var rounds = new List<int>();
        var count = 0;
        using var cursor = store.CreateCursor();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            if (cursor.Key[0] == 'k')
            {
                newest.Add(int.Parse(Encoding.ASCII.GetString(cursor.Value[..4]), CultureInfo.InvariantCulture));
                count++;
            }
            else
            {
                rounds.Add(int.Parse(Encoding.ASCII.GetString(cursor.Key[1..]), CultureInfo.InvariantCulture));
            }
        }

        Assert.Equal(40, count);
        Assert.Equal(rounds[^1], Assert.Single(newest));
        return rounds;
    }

    private static byte[] Key(int number) => Encoding.ASCII.GetBytes($"k{number:D2}");

    private static byte[] Own(int round) => Encoding.ASCII.GetBytes($"r{round:D4}");

    private static byte[] Value(int round) => Encoding.ASCII.GetBytes($"{round:D4}{new string('.', 200)}");
}
