namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class LookAtLevels : Operation
{
    public override int Weight => 40;

    public override void Run(ModelRun run, ref Dice dice)
    {
        foreach (var level in run.Store.GetLevels())
        {
            run.Check(level.Tombstones <= level.Entries, $"{level.Tombstones} of {level.Entries} entries of level {level.Level} are tombstones");
            run.Check(level.Tables > 0 || level.Bytes == 0, $"level {level.Level} has {level.Bytes} bytes in no table");
        }
    }
}
