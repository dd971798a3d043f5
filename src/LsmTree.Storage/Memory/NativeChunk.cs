namespace LsmTree.Storage.Memory;

/// <summary>A piece of memory outside the managed heap, from a <see cref="ChunkStock"/>.</summary>
/// <param name="Address">Where it begins; a multiple of 16.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct NativeChunk(nint Address, int Bytes);
