using LsmTree.Storage.Tests.Support;

namespace LsmTree.Storage.Tests;

/// <summary>A read into the caller's memory gives nothing of a value that has gone, not even its length.</summary>
public sealed class GoneKeyTests
{
    public static TheoryData<string, bool> Ways => new()
    {
        { "deleted", false }, { "deleted", true },
        { "in a deleted range", false }, { "in a deleted range", true },
        { "expired", false }, { "expired", true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void Nothing_of_it_is_copied(string way, bool isFlushed)
    {
        var clock = new ManualClock();
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Time = clock });
        store.Put("k"u8, "value"u8, clock.GetUtcNow().AddMilliseconds(10));
        switch (way)
        {
            case "deleted":
                store.Delete("k"u8);
                break;
            case "in a deleted range":
                store.DeleteRange("a"u8, "z"u8);
                break;
            default:
                clock.Advance(10);
                break;
        }

        if (isFlushed)
        {
            store.Flush();
        }

        Assert.Equal((false, 0, 0), Read((Span<byte> destination, out int length) => store.TryGet("k"u8, destination, out length)));
        using var transaction = store.BeginTransaction();
        Assert.Equal((false, 0, 0), Read((Span<byte> destination, out int length) => transaction.TryGet("k"u8, destination, out length)));
    }

    [Theory]
    [InlineData("deleted")]
    [InlineData("in a deleted range")]
    [InlineData("expired")]
    public void Nothing_of_it_is_copied_to_the_transaction_that_has_it(string way)
    {
        var clock = new ManualClock();
        using var store = LsmStore.OpenInMemory(new LsmStoreOptions { Background = BackgroundMode.Manual, Time = clock });
        using var transaction = store.BeginTransaction();
        transaction.Put("k"u8, "value"u8, clock.GetUtcNow().AddMilliseconds(way == "expired" ? 0 : 10));
        switch (way)
        {
            case "deleted":
                transaction.Delete("k"u8);
                break;
            case "in a deleted range":
                transaction.DeleteRange("a"u8, "z"u8);
                break;
        }

        Assert.Equal((false, 0, 0), Read((Span<byte> destination, out int length) => transaction.TryGet("k"u8, destination, out length)));
    }

    private delegate bool Reader(Span<byte> destination, out int length);

    private static (bool IsPresent, int Length, int BytesTouched) Read(Reader read)
    {
        Span<byte> destination = stackalloc byte[16];
        destination.Clear();
        var isPresent = read(destination, out var length);
        return (isPresent, length, destination.Length - destination.Count((byte)0));
    }
}
