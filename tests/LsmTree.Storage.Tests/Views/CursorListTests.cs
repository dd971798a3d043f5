using System.Runtime.CompilerServices;
using LsmTree.Storage.Views;

namespace LsmTree.Storage.Tests.Views;

public sealed class CursorListTests
{
    [Fact]
    public void A_cursor_that_was_closed_and_is_kept_keeps_no_later_one()
    {
        var cursors = new CursorList(TimeProvider.System, keepsStacks: false);
        var kept = cursors.Add(1);
        var later = AddAndRemove(cursors, kept);
        GC.Collect();
        Assert.False(later.IsAlive);
        Assert.Equal(0, cursors.Count);
        GC.KeepAlive(kept);
        GC.KeepAlive(cursors);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference AddAndRemove(CursorList cursors, object kept)
    {
        var later = cursors.Add(2);
        Remove(kept);
        Remove(later);
        return new WeakReference(later);
    }

    private static void Remove(object handle) => CursorList.Remove((ReaderHandle)handle);
}
