using LsmTree.Crash.Tests.Models.Operations;

namespace LsmTree.Crash.Tests.Models;

/// <summary>Every kind of operation, and how often each is drawn. A new kind goes to the end, so that the seeds of old histories keep their meaning longest.</summary>
internal static class OperationKinds
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new PutKey(),
        new PutColdKey(),
        new PutFull(),
        new PutEmpty(),
        new PutHuge(),
        new DeleteKey(),
        new DeleteAbsent(),
        new DeleteNarrowRange(),
        new DeleteWideRange(),
        new InsertKey(),
        new GetKey(),
        new GetColdKey(),
        new GetArray(),
        new GetTooShort(),
        new GetIntoWriter(),
        new ContainsKey(),
        new GetForeignKey(),
        new WriteBatchOfFew(),
        new WriteBatchOfMany(),
        new WriteBatchOfOneKey(),
        new WriteEmptyBatch(),
        new WriteBatchAsync(),
        new TakeSnapshot(),
        new GetAsOfSnapshot(),
        new ScanSnapshot(),
        new DropSnapshot(),
        new OpenCursorNow(),
        new MoveCursorForward(),
        new MoveCursorBack(),
        new SeekCursor(),
        new SeekCursorForPrev(),
        new SeekCursorToEnds(),
        new CountWithCursor(),
        new CloseCursor(),
        new ScanAFew(),
        new ScanEverything(),
        new BeginTransaction(),
        new PutInTransaction(),
        new DeleteInTransaction(),
        new DeleteRangeInTransaction(),
        new GetInTransaction(),
        new ScanInTransaction(),
        new SetSavepoint(),
        new RollBackToSavepoint(),
        new CommitTransaction(),
        new CommitTransactionAsync(),
        new RollBackTransaction(),
        new FlushStore(),
        new StepBackground(),
        new CompactEverything(),
        new CompactSomeKeys(),
        new ReopenStore(),
        new KillProcess(),
        new CutPower(),
        new OpenCheckpoint(),
        new ReadBesideWriter(),
        new OpenTwice(),
        new VerifyStore(),
        new LookAtStatistics(),
        new LookAtLevels(),
        new GetMany(),
        new LeaseValue(),
        new PutThatLives(),
        new PutThatExpired(),
        new ScanPrefix(),
        new BackUpAndRestore(),
        new RestoreAnOldBackup(),
        new RepairWhatAKillLeaves(),
        new LoadSorted(),
        new GiveUpALoad(),
    ];

    private static int[] UpTo { get; } = Sums(); // after All, of which it is made

    public static int Draw(ref Dice dice)
    {
        var place = Array.BinarySearch(UpTo, dice.Below(UpTo[^1]) + 1);
        return place < 0 ? ~place : place;
    }

    private static int[] Sums()
    {
        var sums = new int[All.Count];
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] = All[i].Weight + (i == 0 ? 0 : sums[i - 1]);
        }

        return sums;
    }
}
