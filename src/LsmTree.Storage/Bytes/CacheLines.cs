using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace LsmTree.Storage.Bytes;

/// <summary>Asks for memory before it is needed, so that several waits become one. A hint: wrong addresses cost time and nothing else.</summary>
internal static class CacheLines
{
    /// <summary>What a processor loads at once, in bytes.</summary>
    public const int Bytes = 64;

    /// <summary>
    /// Asks for the line <paramref name="offset"/> bytes from <paramref name="origin"/>, which may lie outside of what the reference points into. Should a
    /// collection move that meanwhile, the hint is wasted.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Prefetch(ref readonly byte origin, int offset)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0((byte*)Unsafe.AsPointer(ref Unsafe.AsRef(in origin)) + offset);
        }
    }
}
