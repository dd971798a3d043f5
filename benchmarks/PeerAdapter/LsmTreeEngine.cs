using LsmTree.Storage;

namespace Peers;

/// <summary>LsmTree behind the interface of the side-by-side benchmark: every call goes straight to <see cref="LsmStore"/>'s public face.</summary>
public sealed class LsmTreeEngine : IEngine
{
    // One batch for each thread, as a server would keep one for each of its workers.
    private readonly ThreadLocal<WriteBatch> _batch = new(static () => new WriteBatch());
    private LsmStore? _store;

    public string Name => "lsmtree";

    public void Open(string path, Options o) => _store = LsmStore.Open(path, new LsmStoreOptions
    {
        Durability = Durability.Normal,
        MemtableBytes = o.MemtableBytes,
        BlockCacheBytes = o.CacheBytes,
        Compression = o.Compression ? Compression.Brotli : Compression.None,
    });

    public void Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool sync) => _store!.Put(key, value, ToDurability(sync));

    public int Get(ReadOnlySpan<byte> key, Span<byte> buffer) => _store!.TryGet(key, buffer, out var length) ? length : -1;

    public void PutBatch(byte[][] keys, byte[][] values, int from, int count, bool sync)
    {
        var batch = _batch.Value!;
        batch.Clear();
        for (var i = from; i < from + count; i++)
        {
            batch.Put(keys[i], values[i]);
        }

        _store!.Write(batch, ToDurability(sync));
    }

    public void Delete(ReadOnlySpan<byte> key) => _store!.Delete(key);

    public int Scan(ReadOnlySpan<byte> key, int count, ref long sum)
    {
        using var cursor = _store!.CreateCursor();
        var read = 0;
        for (var valid = cursor.Seek(key); valid && read < count; valid = cursor.Next())
        {
            sum += cursor.Value.Length + cursor.Key[0] + cursor.Value[0]; // as the others: something of each entry is read
            read++;
        }

        return read;
    }

    public void Flush() => _store!.Flush();

    public void Compact() => _store!.Compact();

    public void Close()
    {
        _store?.Dispose();
        _store = null;
    }

    public void Dispose()
    {
        Close();
        _batch.Dispose();
    }

    private static Durability ToDurability(bool sync) => sync ? Durability.Full : Durability.Normal;
}
