using System.Buffers.Binary;
using System.Text;
using LsmTree.Crash.Tests.Children;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>Opening read-only, again and again, a store that another process is writing: one moment of it, or the refusal that docs/operating.md names.</summary>
public sealed class ReadBesideProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int LeastOpenings = 60;
    private const int StoppedRounds = 25;
    private const int LeastMoments = 40; // openings that see something new: on a busy machine the writer gets little done between two

    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-beside-").FullName;

    private string Store => Path.Combine(_root, "store");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Each_opening_sees_a_prefix_of_the_commits_never_an_older_one_than_the_last_or_is_refused()
    {
        using var writer = BusyWriterProcess.Start(Store);
        var (seen, refused, moved) = (0L, 0, 0);
        var opening = 0;
        for (; opening < LeastOpenings || moved < LeastMoments; opening++)
        {
            Assert.False(writer.HasExited, "the writer has ended");
            Assert.True(opening < 100 * LeastOpenings, $"the writer does not get on: {moved} of {opening} openings saw something new");
            LsmStore reader;
            try
            {
                reader = Open();
            }
            catch (StoreLockedException)
            {
                refused++; // the writer changed the directory faster than it could be read, fifty times
                continue;
            }

            using (reader)
            {
                var count = CheckPrefix(reader);
                Assert.True(count >= seen, $"opening {opening} sees {count} commits, the one before saw {seen}");
                moved += count > seen ? 1 : 0;
                seen = count;
                Assert.Equal(count, CheckPrefix(reader)); // and goes on seeing it, whatever the writer does meanwhile
                Assert.Throws<InvalidOperationException>(() => reader.Put("a"u8, "b"u8));
            }
        }

        output.WriteLine($"{opening} openings, {refused} refused, {moved} with something new, the last after {seen} commits");
        Assert.True(refused < opening / 10, $"{refused} of {opening} openings were refused");
        Assert.Equal(0, writer.End());
        using var after = LsmStore.Open(Store);
        Assert.True(CheckPrefix(after) >= seen);
        Assert.True(after.Verify().IsSound);
    }

    [Fact]
    public void A_reader_in_another_process_changes_no_byte_and_no_name_beside_a_writer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A process is stopped by a signal, and its threads are looked at in /proc.");
        using var writer = BusyWriterProcess.Start(Store);
        var (rounds, read) = (0, 0);
        while (read < StoppedRounds)
        {
            Assert.True(rounds++ < 10 * StoppedRounds, $"{read} of {rounds} openings beside a stopped writer were not refused");
            using (writer.Stop())
            {
                var before = Contents();
                read += ReadEverything() ? 1 : 0;
                Assert.Equal(before, Contents());
            }

            Thread.Sleep(20); // the writer gets on a little: to another moment of its flushes and compactions
        }

        output.WriteLine($"{rounds} moments, {rounds - read} refused");
        Assert.Equal(0, writer.End());
    }

    /// <summary>Reads in every way there is, and closes; false when the opening was refused, since the writer stands between two steps.</summary>
    private bool ReadEverything()
    {
        LsmStore reader;
        try
        {
            reader = Open();
        }
        catch (StoreLockedException)
        {
            return false;
        }

        using (reader)
        {
            CheckPrefix(reader);
            using var snapshot = reader.CreateSnapshot();
            Assert.True(reader.TryGet("count"u8, out _, snapshot));
            Assert.True(reader.TryLease("count"u8, out var lease));
            lease.Dispose();
            var values = new ValueSet();
            reader.MultiGet([Encoding.ASCII.GetBytes("count"), Encoding.ASCII.GetBytes("a:001")], values);
            using var transaction = reader.BeginTransaction();
            Assert.True(transaction.Contains("count"u8));
            Assert.True(reader.Verify().IsSound);
            reader.GetStatistics();
        }

        return true;
    }

    /// <summary>Every name in the directory of the store, with the hash of what is there; by a command, since this program may not open what the writer has locked.</summary>
    private string Contents()
    {
        var (status, text) = Command.Run("sha256sum", Directory.EnumerateFileSystemEntries(Store, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
        Assert.True(status == 0, text);
        return text;
    }

    private LsmStore Open() => LsmStore.Open(Store, BusyWriter.Options with { Mode = OpenMode.ReadOnly });

    private static long CheckPrefix(LsmStore reader)
    {
        var found = new SortedDictionary<string, long>(StringComparer.Ordinal);
        using var cursor = reader.CreateCursor();
        for (cursor.SeekToFirst(); cursor.IsValid; cursor.Next())
        {
            found.Add(Encoding.ASCII.GetString(cursor.Key), BinaryPrimitives.ReadInt64BigEndian(cursor.Value));
        }

        Assert.True(found.TryGetValue("count", out var count), "the store is empty");
        Assert.Equal(BusyWriter.Expected(count), found);
        return count;
    }
}
