using System.Buffers.Binary;
using System.Text;
using LsmTree.Crash.Tests.Children;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Promises;

/// <summary>Opening read-only, again and again, a store that another process is writing: one moment of it, or the refusal that docs/operating.md names.</summary>
public sealed class ReadBesideProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int LeastOpenings = 60;
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
