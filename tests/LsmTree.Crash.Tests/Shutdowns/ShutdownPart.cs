using System.Diagnostics;
using System.Globalization;
using LsmTree.Crash.Tests.Children;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Writers;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Shutdowns;

/// <summary>Power cuts of a real file system: it is shut down under the writing process, mounted again, and must hold what was synced.</summary>
internal sealed class ShutdownPart : Part
{
    private const int ShutdownsPerVolume = 10;

    private static readonly WriterSettings[] s_settings =
    [
        new(Durability.Full, LogAppend.Mapped),
        new(Durability.Normal, LogAppend.Mapped),
        new(Durability.Full, LogAppend.Positional),
        new(Durability.Off, LogAppend.Mapped),
        new(Durability.Full, LogAppend.Mapped, Writers: 4),
    ];

    private static readonly string[] s_mountOptions = ["data=ordered", "data=writeback"];

    public override string Name => "shutdowns";

    public override bool IsOfProcesses => true;

    public override string Claim =>
        "An ext4 file system on a loop device is shut down (EXT4_IOC_SHUTDOWN, without writing its journal out) at a random moment under a process in which one thread writes, or four at once, and mounted again: "
        + "every transaction that had been acknowledged by then, after waiting for its fsync, is there; without that wait what is there is a whole number of transactions, none missing before the last; at last the store verifies, and keeps all through a compaction.";

    public override string Limits =>
        "Linux, as root, ext4 with data=ordered and data=writeback only; in the long lane only; what the drive itself might lose behind the kernel's back is not shown; moments are drawn by the clock, so that a replay repeats them as far as the machine repeats itself; an fdatasync under way when the file system goes may return 0 for data that are lost, so what is acknowledged after that moment counts for nothing.";

    public override bool IsFor(Lane lane) => lane == Lane.Long;

    public override void Run(PartContext context)
    {
        for (var round = 0; round < 1_000 && !context.IsOver; round++)
        {
            context.Progress(round, 1_000);
            var seed = (context.Seed * 1_000) + (ulong)round;
            try
            {
                if (Try(context, seed, s_settings[round % s_settings.Length], s_mountOptions[round / s_settings.Length % s_mountOptions.Length]) is { Length: > 0 } reason)
                {
                    context.Skip(reason);
                    return;
                }
            }
            catch (Exception failure)
            {
                context.Fail(string.Create(CultureInfo.InvariantCulture, $"seed={seed} settings={s_settings[round % s_settings.Length]} mount={s_mountOptions[round / s_settings.Length % s_mountOptions.Length]}"), failure.ToString());
            }
        }
    }

    public override void Replay(ReplayWords words) =>
        Assert.Equal("", Try(null, words.Seed, WriterSettings.Parse(words["settings"]), words["mount"]));

    private static string Try(PartContext? context, ulong seed, WriterSettings settings, string mountOptions)
    {
        var dice = new Dice(seed);
        var root = Directory.CreateTempSubdirectory("lsmtree-shutdown-").FullName;
        using (var volume = LoopVolume.TryCreate(root, mountOptions, out var reason))
        {
            if (volume is null)
            {
                Directory.Delete(root, recursive: true);
                return reason;
            }

            var store = new WriterStore(Path.Combine(volume.Path, "store"), Path.Combine(root, "journal"), settings);
            for (var number = 0; number < ShutdownsPerVolume && context is not { IsOver: true }; number++)
            {
                if (ShutDownUnder(store, volume, ref dice, out var promised) is { Length: > 0 } refusal)
                {
                    return refusal;
                }

                store.Check(WriterEnd.DiskTakenAway, $"shut down with {mountOptions}", promised);
                context?.Count("shutdowns");
            }

            store.Finish();
            context?.Count("acknowledged transactions found again", store.Acknowledged);
            context?.Count("transactions lost that had not waited for an fsync", store.Lost);
            context?.Count("volumes");
        }

        Directory.Delete(root, recursive: true);
        return "";
    }

    /// <summary>Lets a process write for a while, shuts the file system down under it, and mounts it again.</summary>
    private static string ShutDownUnder(WriterStore store, LoopVolume volume, ref Dice dice, out IReadOnlyList<int> promised)
    {
        using var process = Process.Start(new ProcessStartInfo(DotnetHost.Path, [typeof(ShutdownPart).Assembly.Location, .. store.BeginRound()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var wanted = dice.Below(WriterStore.Transactions);
        while (store.CountAcknowledged() < wanted && !process.HasExited)
        {
            Thread.Sleep(1);
        }

        Thread.Sleep(dice.Below(8));
        promised = store.CountEach();
        var refusal = volume.TryShutDown();
        process.Kill();
        process.WaitForExit();
        _ = output.GetAwaiter().GetResult() + errors.GetAwaiter().GetResult();
        volume.Remount();
        return refusal;
    }
}
