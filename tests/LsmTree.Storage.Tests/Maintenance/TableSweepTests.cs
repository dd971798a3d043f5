using LsmTree.Storage.Blocks;
using LsmTree.Storage.Files;
using LsmTree.Storage.Maintenance;
using LsmTree.Storage.Memtables;
using LsmTree.Storage.Tests.Support;
using LsmTree.Storage.Versions;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Tests.Maintenance;

/// <summary>Two sweeps at once, and a step of the manifest between the moments of the second: nothing may go that the next open wants.</summary>
public sealed class TableSweepTests : IDisposable
{
    private const string Directory = "/store";

    private readonly FaultyFileSystem _disk = new();
    private readonly VersionSet _versions;
    private readonly ViewCell _views;
    private readonly StoreHealth _health = new();
    private readonly TableSweep _sweep;
    private Action<FileOperation, string> _before = static (_, _) => { };

    public TableSweepTests()
    {
        var files = new HeldFileSystem(_disk, (operation, path) => _before(operation, path));
        files.CreateDirectory(Directory);
        // A few steps, and the next begins a new manifest.
        _versions = VersionSet.Create(files, Directory, storeId: 1, new BlockCache(0), new ManifestSettings(RollBytes: 400, RollFactor: 2));
        _views = new ViewCell(new Memtable(), _versions.Current, static () => { });
        _sweep = new TableSweep(files, Directory, _views, _versions, _health, new EventRelay(null, TimeProvider.System, new StoreCounters()));
    }

    public void Dispose()
    {
        _versions.Dispose();
        _views.Dispose();
    }

    public static TheoryData<string, Action<LsmStore>> Works => new()
    {
        { nameof(LsmStore.Flush), static store => store.Flush() },
        { nameof(LsmStore.Compact), static store => store.Compact() },
    };

    [Theory]
    [MemberData(nameof(Works), DisableDiscoveryEnumeration = true)]
    public void What_was_done_does_not_pass_for_failed_because_the_directory_cannot_be_listed_afterwards(string name, Action<LsmStore> work)
    {
        var fails = false;
        var files = new HeldFileSystem(new FaultyFileSystem(), (operation, _) =>
        {
            if (fails && operation == FileOperation.Look)
            {
                throw new IOException("the directory cannot be listed", 5);
            }
        });
        var told = new ErrorListener();
        using var store = LsmStore.OpenOn(files, "/db", null, new LsmStoreOptions { Background = BackgroundMode.Manual, Seed = 1, Events = told });
        store.Put("a"u8, "1"u8);
        store.Flush();
        store.Put("a"u8, "2"u8);
        fails = true;
        work(store);
        Assert.Contains("cannot be listed", Assert.IsType<IOException>(told.Last).Message, StringComparison.Ordinal);
        Assert.True(store.GetStatistics() is { Failure: null, CompactionFailure: null }, name);
        fails = false;
        store.Compact();
        Assert.Single(files.List("/db"), static file => file.EndsWith(".sst", StringComparison.Ordinal)); // what was not deleted then is by now
    }

    [Fact]
    public void A_manifest_that_is_coming_into_force_outlives_a_sweep_that_was_about_to_begin()
    {
        using var isAboutToSwitch = new ManualResetEventSlim();
        using var maySwitch = new ManualResetEventSlim();
        var roll = new Thread(Roll);
        var second = SweepDuringAnother(() =>
        {
            // By a thread that is no job: a load, or the first write of a newer format.
            _before = (operation, path) =>
            {
                if (operation == FileOperation.Create && path.EndsWith(FileNames.CurrentTemporary, StringComparison.Ordinal))
                {
                    isAboutToSwitch.Set();
                    Background.Await(maySwitch);
                }
            };
            roll.Start();
            Background.Await(isAboutToSwitch);
        });
        Assert.True(second.Join(Background.Patience));
        maySwitch.Set();
        Assert.True(roll.Join(Background.Patience));
        Assert.Contains(FileNames.Manifest(_versions.ManifestNumber), _disk.List(Directory));
        VersionSet.Recover(_disk, Directory, new BlockCache(0)).Dispose();
    }

    [Fact]
    public void What_a_failed_step_may_have_put_on_the_disk_outlives_a_sweep_that_was_about_to_begin()
    {
        var output = "";
        var second = SweepDuringAnother(() =>
        {
            // On the thread of the first sweep, which has the gate: the order of a job that was quicker than the second.
            var floor = _sweep.JobStarted();
            output = CreateTable();
            _disk.FailOn(FileOperation.Sync, FileNames.Manifest(_versions.ManifestNumber));
            Assert.Throws<IOException>(() => _versions.Apply(new VersionEdit()));
            _sweep.JobEnded(floor);
        });
        Assert.True(second.Join(Background.Patience));
        Assert.Contains(output, _disk.List(Directory));
    }

    [Fact]
    public void A_sweep_that_was_about_to_begin_when_the_store_failed_takes_nothing()
    {
        var leftover = "";
        var second = SweepDuringAnother(() =>
        {
            leftover = CreateTable();
            _health.Fail(new IOException("the log"));
        });
        Assert.True(second.Join(Background.Patience));
        Assert.Contains(leftover, _disk.List(Directory));
    }

    [Fact]
    public void A_manifest_that_a_crash_left_above_the_one_in_force_goes_after_the_first_step()
    {
        var leftover = FileNames.Manifest(_versions.Numbers.Upcoming + 5);
        _versions.Dispose();
        _disk.CreateAppend($"{Directory}/{leftover}", new AppendSettings(Mapped: false)).Dispose();
        using var versions = VersionSet.Recover(_disk, Directory, new BlockCache(0));
        var sweep = new TableSweep(_disk, Directory, _views, versions, _health, new EventRelay(null, TimeProvider.System, new StoreCounters()));
        sweep.Run();
        Assert.Contains(leftover, _disk.List(Directory));
        versions.Apply(new VersionEdit());
        sweep.Run();
        Assert.Equal([FileNames.Manifest(versions.ManifestNumber)], _disk.List(Directory).Where(static name => name.StartsWith("MANIFEST", StringComparison.Ordinal)));
    }

    /// <summary>Runs one sweep, and while it looks at the directory lets another begin, which must wait for it; then something happens, and the first ends.</summary>
    /// <param name="happening">What happens between.</param>
    /// <returns>The thread of the second sweep.</returns>
    private Thread SweepDuringAnother(Action happening)
    {
        var second = new Thread(() => _sweep.Run());
        _before = (operation, _) =>
        {
            if (operation == FileOperation.Look)
            {
                _before = static (_, _) => { };
                second.Start();
                Background.AwaitBlocked(second);
                happening();
            }
        };
        _sweep.Run();
        return second;
    }

    private string CreateTable()
    {
        var name = FileNames.Table(_versions.Numbers.Next());
        _disk.CreateAppend($"{Directory}/{name}", new AppendSettings(Mapped: false)).Dispose();
        return name;
    }

    /// <summary>Steps until the manifest begins anew.</summary>
    private void Roll()
    {
        var old = _versions.ManifestNumber;
        while (_versions.ManifestNumber == old)
        {
            _versions.Apply(new VersionEdit());
        }
    }

    private sealed class ErrorListener : StoreEventListener
    {
        public Exception? Last { get; private set; }

        public override void OnBackgroundError(Exception error) => Last = error;
    }
}
