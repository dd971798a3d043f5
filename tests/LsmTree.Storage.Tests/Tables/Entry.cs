using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Tests.Tables;

/// <summary>An entry of a model: what a table is expected to hold.</summary>
internal sealed record Entry(byte[] Key, ulong Trailer, byte[] Value)
{
    public static Entry Put(string key, ulong sequence, string value = "") =>
        new(Text(key), Keys.Trailer.Pack(sequence, EntryKind.Put), Text(value));

    public static Entry Delete(string key, ulong sequence) => new(Text(key), Keys.Trailer.Pack(sequence, EntryKind.Delete), []);

    public static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    public static int Compare(Entry left, Entry right) => InternalOrder.Compare(left.Key, left.Trailer, right.Key, right.Trailer);

    public override string ToString() => $"{Convert.ToHexString(Key.AsSpan(0, Math.Min(Key.Length, 24)))}({Key.Length})#{Trailer >> 8}.{(byte)Trailer}={Value.Length}";
}
