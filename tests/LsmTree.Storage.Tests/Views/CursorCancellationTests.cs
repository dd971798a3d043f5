using System.Globalization;
using System.Text;

namespace LsmTree.Storage.Tests.Views;

/// <summary>A long move over what is not there any more ends with the token of the cursor.</summary>
public sealed class CursorCancellationTests
{
    private const int Keys = 3_000;

    [Theory]
    [InlineData("tombstones in memory")]
    [InlineData("tombstones in a table")]
    [InlineData("a range delete over a table")]
    public void A_move_over_many_deleted_keys_ends_with_its_token(string what)
    {
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual });
        for (var i = 0; i < Keys; i++)
        {
            store.Put(Key(i), "value"u8);
        }

        if (what != "tombstones in memory")
        {
            store.Flush();
        }

        if (what == "a range delete over a table")
        {
            store.DeleteRange(Key(0), Key(Keys));
        }
        else
        {
            for (var i = 0; i < Keys; i++)
            {
                store.Delete(Key(i));
            }
        }

        if (what == "tombstones in a table")
        {
            store.Flush();
        }

        using var cancellation = new CancellationTokenSource();
        using var cursor = store.CreateCursor(new CursorOptions { Cancellation = cancellation.Token });
        Assert.False(cursor.SeekToFirst());
        Assert.False(cursor.SeekToLast());
        cancellation.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => cursor.SeekToFirst());
        Assert.ThrowsAny<OperationCanceledException>(() => cursor.SeekToLast());
        Assert.ThrowsAny<OperationCanceledException>(() => cursor.Seek(Key(5)));
        Assert.ThrowsAny<OperationCanceledException>(() => cursor.SeekForPrev(Key(Keys)));
        Assert.False(cursor.IsValid);
    }

    private static byte[] Key(int number) => Encoding.UTF8.GetBytes(number.ToString("D5", CultureInfo.InvariantCulture));
}
