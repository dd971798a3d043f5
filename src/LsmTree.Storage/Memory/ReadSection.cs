using System.Runtime.CompilerServices;

namespace LsmTree.Storage.Memory;

/// <summary>A stretch of code on one thread that may look at memory which others retire meanwhile: until it is disposed, nothing that it can have found is given back.</summary>
/// <remarks>
/// <para>It costs two writes to a cache line that belongs to the thread: no lock, no shared count, no fence. <see cref="GracePeriod"/> pays for
/// that with a fence on all processors, once for each memtable, table or batch of cached blocks that goes.</para>
/// <para>Enter it <em>before</em> reading the reference through which the memory is found. Sections may lie inside each other. Keep them short:
/// while one lasts, memory waits.</para>
/// </remarks>
internal readonly ref struct ReadSection : IDisposable
{
    [ThreadStatic]
    private static ReaderSlot? t_slot;

    private readonly ReaderSlot _slot;

    private ReadSection(ReaderSlot slot) => _slot = slot;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadSection Enter()
    {
        var slot = t_slot ?? Register();
        slot.Enter();
        return new ReadSection(slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Dispose()
    {
        if (_slot.Leave() && _slot.IsAwaited)
        {
            GracePeriod.Look(_slot);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReaderSlot Register() => t_slot = GracePeriod.Register();
}
