using System.Globalization;
using LsmTree.Crash.Tests.Images;
using LsmTree.Crash.Tests.Lanes;
using LsmTree.Crash.Tests.Scripts;
using LsmTree.Storage;
using LsmTree.Storage.Backups;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>Damage to the files of backups: what verifies restores to what was backed up, and what does not is refused with the file that is damaged.</summary>
internal static class BackupDamage
{
    private static readonly BackupFixture s_fixture = BackupFixture.Only;

    public static void Run(PartContext context)
    {
        var stride = context.Amount(smoke: 61, ci: 3, @long: 1);
        context.ForEach(s_fixture.Names.Count, number =>
        {
            var name = s_fixture.Names[number];
            var bytes = s_fixture.Bytes(name);
            for (var at = 0; at < bytes.Length && !context.IsOver; at += stride)
            {
                foreach (var (kind, apply) in Damage.OfBytes)
                {
                    if (apply(bytes, at) is { } damaged)
                    {
                        Try(context, string.Create(CultureInfo.InvariantCulture, $"backup={name} damage={kind} at={at}"), IsPadding(name, damaged), (name, damaged));
                    }
                }
            }
        });
        foreach (var (words, isHarmless, others) in OfDirectories())
        {
            Try(context, words, isHarmless, others);
        }
    }

    public static void Replay(ReplayWords words)
    {
        var name = words["backup"];
        if (words.Has("damage"))
        {
            var damage = Damage.OfBytes.First(damage => damage.Name == words["damage"]);
            var damaged = damage.Apply(s_fixture.Bytes(name), (int)words.Number("at"))!;
            Require(IsPadding(name, damaged), (name, damaged));
            return;
        }

        var (_, isHarmless, others) = OfDirectories().First(damage => damage.Words.Split(' ').All(word => word.Split('=') is [var key, var value] && words.Has(key) && words[key] == value));
        Require(isHarmless, others);
    }

    /// <summary>Zeros behind the end of a record are what a log may have reserved, and say nothing.</summary>
    private static bool IsPadding(string name, byte[] damaged) =>
        BackupNames.TryParseRecord(name, out _) && damaged.AsSpan().StartsWith(s_fixture.Bytes(name)) && !damaged.AsSpan(s_fixture.Bytes(name).Length).ContainsAnyExcept((byte)0);

    /// <summary>Files that are missing, or stand in one another's place; and remains of what was cut short, which say nothing.</summary>
    private static IEnumerable<(string Words, bool IsHarmless, (string Name, byte[]? Bytes)[] Others)> OfDirectories()
    {
        foreach (var name in s_fixture.Names)
        {
            yield return ($"backup={name} missing=1", false, [(name, null)]);
            foreach (var other in s_fixture.Names.Where(other => other != name))
            {
                yield return ($"backup={name} by={other}", false, [(name, s_fixture.Bytes(other))]);
                yield return ($"backup={name} with={other}", false, [(name, s_fixture.Bytes(other)), (other, s_fixture.Bytes(name))]);
                yield return ($"backup={name} remains={other}", true, [(BackupNames.TableTemporary(name), s_fixture.Bytes(other)), (BackupNames.RecordTemporary, s_fixture.Bytes(other)[..^1])]);
            }
        }
    }

    private static void Try(PartContext context, string words, bool isHarmless, params (string Name, byte[]? Bytes)[] others)
    {
        try
        {
            Require(isHarmless, others);
            context.Count("mutants of backups");
        }
        catch (Exception failure)
        {
            context.Fail(words, failure.ToString());
        }
    }

    private static void Require(bool isHarmless, params (string Name, byte[]? Bytes)[] others)
    {
        var names = string.Join(", ", others.Select(static other => other.Name));
        var isNoticed = IsNoticed(s_fixture.Disk(others));
        if (isNoticed == isHarmless)
        {
            throw new DamageException(isHarmless ? $"{names} do no harm, and were complained of" : $"damage to {names} was noticed by nobody");
        }

        // The sound ones stay what they are when the damaged ones are thrown away.
        var disk = s_fixture.Disk(others);
        var backups = new BackupDirectory(disk, ScriptWord.Backups, "test");
        backups.KeepNewest(1);
        foreach (var kept in backups.List().Where(static backup => backup.Damage is null))
        {
            TryRestore(disk, backups, kept.Id);
        }
    }

    /// <summary>Lists, verifies and restores all; whether anything was found amiss.</summary>
    private static bool IsNoticed(SimFileSystem disk)
    {
        var backups = new BackupDirectory(disk, ScriptWord.Backups, "test");
        var list = backups.List();
        var isNoticed = list.Count != 2;
        foreach (var backup in list)
        {
            var report = backups.Verify(backup.Id, CancellationToken.None);
            if (report.Problems.FirstOrDefault(static problem => !IsPlace(problem.File)) is { } problem)
            {
                throw new DamageException($"a problem without a place: {problem}");
            }

            if (TryRestore(disk, backups, backup.Id) != report.IsSound)
            {
                throw new DamageException($"backup {backup.Id} {(report.IsSound ? "verifies, and cannot be restored" : "does not verify, and was restored")}");
            }

            isNoticed |= !report.IsSound;
        }

        return disk.OpenHandles == 0 ? isNoticed : throw new DamageException($"{disk.OpenHandles} handles are left open");
    }

    /// <summary>Restores one and reads the copy. False when the damage was told, and then there is no store.</summary>
    private static bool TryRestore(SimFileSystem disk, BackupDirectory backups, long id)
    {
        var copy = BackupFixture.CopyDirectory(id);
        try
        {
            backups.Restore(copy, id, CancellationToken.None);
        }
        catch (StoreException error) when (error is CorruptionException damage ? IsPlace(damage.File) && damage.Offset >= 0 && error.Message.Contains(damage.File, StringComparison.Ordinal) : error is StoreFormatException && error.Message.Contains(ScriptWord.Backups, StringComparison.Ordinal))
        {
            return !disk.FileExists($"{copy}/CURRENT") ? false : throw new DamageException($"a restore that failed has left a store: {error.Message}");
        }

        using var store = LsmStore.OpenOn(disk, copy, null, s_fixture.Options);
        var (state, expected) = (ImageHistory.Read(store, out _), s_fixture.State(id));
        return state.AsSpan().SequenceEqual(expected) && store.Verify().IsSound
            ? true
            : throw new DamageException($"backup {id} is restored as {string.Join(' ', state)}, and was {string.Join(' ', expected)}");
    }

    private static bool IsPlace(string file) => file.StartsWith(ScriptWord.Backups + "/", StringComparison.Ordinal);
}
