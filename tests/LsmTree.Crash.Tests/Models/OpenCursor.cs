using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Models;

/// <summary>A cursor that stays open while the store changes under it, and what it should see.</summary>
/// <param name="Cursor">The cursor.</param>
/// <param name="State">The moment that it reads.</param>
/// <param name="Low">Its first key.</param>
/// <param name="High">The key before which it ends.</param>
internal sealed record OpenCursor(StoreCursor Cursor, ModelState State, int Low, int High)
{
    /// <summary>The key that it should be at; -1 when it is at none.</summary>
    public int At { get; set; } = -1;
}
