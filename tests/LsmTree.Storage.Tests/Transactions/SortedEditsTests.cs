using System.Text;

namespace LsmTree.Storage.Tests.Transactions;

/// <summary>The index of a transaction's edits, which is made up to date only when somebody asks for an order, and then shared with cursors.</summary>
public sealed class SortedEditsTests : IDisposable
{
    private readonly LsmStore _store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_cursor_opened_later_brings_no_edits_to_the_one_before()
    {
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "1"u8);
        using var before = transaction.CreateCursor();
        transaction.Put("a"u8, "2"u8);
        transaction.Put("b"u8, "2"u8);
        using var later = transaction.CreateCursor();
        Assert.Equal("a=2 b=2", Walk(later));
        Assert.Equal("a=1", Walk(before));
        transaction.DeleteRange("a"u8, "z"u8);
        Assert.False(transaction.TryGet("a"u8, out _));
        Assert.Equal("a=2 b=2", Walk(later));
        Assert.Equal("a=1", Walk(before));
    }

    [Fact]
    public void A_range_delete_that_was_looked_at_and_undone_hides_nothing_from_cursors()
    {
        using var transaction = _store.BeginTransaction();
        transaction.Put("a"u8, "1"u8);
        transaction.Put("b"u8, "1"u8);
        var savepoint = transaction.CreateSavepoint();
        transaction.DeleteRange("a"u8, "z"u8);
        Assert.False(transaction.TryGet("a"u8, out _));
        transaction.RollbackTo(savepoint);
        transaction.Put("c"u8, "1"u8);
        using var cursor = transaction.CreateCursor();
        Assert.Equal("a=1 b=1 c=1", Walk(cursor));
    }

    private static string Walk(StoreCursor cursor)
    {
        var entries = new List<string>();
        for (var valid = cursor.SeekToFirst(); valid; valid = cursor.Next())
        {
            entries.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }

        return string.Join(' ', entries);
    }
}
