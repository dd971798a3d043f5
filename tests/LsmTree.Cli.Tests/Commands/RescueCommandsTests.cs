namespace LsmTree.Cli.Tests.Commands;

public sealed class RescueCommandsTests : IDisposable
{
    private readonly CommandFixture _command = new();

    private string Backups => _command.PathOf("backups");

    public void Dispose() => _command.Dispose();

    [Fact]
    public void Backups_are_made_listed_checked_restored_and_thinned_out()
    {
        Fill(0);
        Assert.StartsWith("backup 1: 1 tables, ", Succeed("backup", _command.Store, Backups), StringComparison.Ordinal);
        Fill(100);
        Assert.StartsWith("backup 2: ", Succeed("backup", _command.Store, Backups), StringComparison.Ordinal);

        var listed = Succeed("backups", Backups, "--format", "tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["id", "1", "2"], listed.Select(static line => line.Split('\t')[0]));
        Assert.Contains(_command.Store, listed[2], StringComparison.Ordinal);
        Assert.StartsWith("ok: ", Succeed("backups", Backups, "--verify"), StringComparison.Ordinal);

        Succeed("restore", Backups, _command.PathOf("old"), "--id", "1");
        Succeed("restore", Backups, _command.PathOf("new"));
        Assert.Equal("COUNT(*)\n100\n", Succeed(_command.PathOf("old"), "SELECT COUNT(*) FROM kv", "--format", "tsv"));
        Assert.Equal("COUNT(*)\n200\n", Succeed(_command.PathOf("new"), "SELECT COUNT(*) FROM kv", "--format", "tsv"));

        Assert.EndsWith("backup 1: deleted\nbackup 2: deleted\n", Succeed("backup", _command.Store, Backups, "--keep", "1"), StringComparison.Ordinal);
        var gone = _command.Run("restore", Backups, _command.PathOf("again"), "--id", "1");
        Assert.Equal(1, gone.Status);
        Assert.Contains("no backup 1", gone.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_backup_is_named_and_not_restored()
    {
        Fill(0);
        Succeed("backup", _command.Store, Backups);
        var table = Flip(Backups, "*.sst");

        var checkedBackups = _command.Run("backups", Backups, "--verify", "--format", "tsv");
        Assert.Equal(1, checkedBackups.Status);
        Assert.Contains(table, checkedBackups.Output, StringComparison.Ordinal);
        var restored = _command.Run("restore", Backups, _command.PathOf("copy"));
        Assert.Equal(1, restored.Status);
        Assert.StartsWith("error XX001: ", restored.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repair_saves_what_it_can_and_tells_what_is_lost()
    {
        Fill(0);
        Assert.Equal(0, _command.Run("compact", _command.Store).Status);
        File.Delete(Path.Combine(_command.Store, "CURRENT"));
        var whole = _command.PathOf("whole");
        Succeed("repair", _command.Store, whole);
        Assert.Equal("COUNT(*)\n100\n", Succeed(whole, "SELECT COUNT(*) FROM kv", "--format", "tsv"));

        var table = Flip(whole, "*.sst");
        var outcome = _command.Run("repair", whole, _command.PathOf("part"), "--format", "tsv");
        Assert.Equal(1, outcome.Status);
        Assert.Equal("", outcome.Error);
        Assert.Contains($"{table}\tLost\t0\t", outcome.Output, StringComparison.Ordinal);

        var refused = _command.Run("repair", whole, _command.Store);
        Assert.Equal(1, refused.Status);
        Assert.Contains("not empty", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_can_be_kept_of_nothing()
    {
        Assert.Equal(2, _command.Run("backup", _command.Store, Backups, "--keep", "0").Status);
        Assert.Equal(1, _command.Run("backups", Backups).Status);
        Assert.Equal(1, _command.Run("repair", _command.PathOf("nowhere"), _command.PathOf("target")).Status);
    }

    private string Succeed(params string[] args)
    {
        var outcome = _command.Run(args);
        Assert.True(outcome.Status == 0, outcome.Error);
        return outcome.Output;
    }

    private void Fill(int from)
    {
        var rows = string.Join(", ", Enumerable.Range(from, 100).Select(static i => $"('key {i:D3}', {i})"));
        Succeed(_command.Store, $"UPSERT INTO kv VALUES {rows}");
    }

    private static string Flip(string directory, string pattern)
    {
        var path = Directory.GetFiles(directory, pattern).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[20] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        return Path.GetFileName(path);
    }
}
