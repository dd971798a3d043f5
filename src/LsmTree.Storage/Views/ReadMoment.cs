using LsmTree.Storage.Keys;

namespace LsmTree.Storage.Views;

/// <summary>The moment by which a read judges entries that expire: a fixed one, or the clock's, which is asked only when such an entry is met.</summary>
internal readonly struct ReadMoment
{
    private readonly ExpiryClock? _clock;
    private readonly long _fixed;

    private ReadMoment(ExpiryClock? clock, long moment)
    {
        _clock = clock;
        _fixed = moment;
    }

    public static ReadMoment Now(ExpiryClock clock) => new(clock, 0);

    public static ReadMoment At(long milliseconds) => new(null, milliseconds);

    /// <summary>Takes the value out of a stored one (<see cref="ExpiringValue"/>); false when it has expired.</summary>
    /// <param name="key">The entry's key, for the message.</param>
    /// <param name="value">The stored value; then the value in it.</param>
    /// <exception cref="CorruptionException">The stored value has no expiry.</exception>
    public bool TryOpen(ReadOnlySpan<byte> key, ref ReadOnlySpan<byte> value)
    {
        if (!ExpiringValue.TrySplit(value, out var expiresAt, out var inner))
        {
            ThrowDamaged(key, value.Length);
        }

        value = inner;
        return (_clock?.Now() ?? _fixed) < expiresAt;
    }

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowDamaged(ReadOnlySpan<byte> key, int length) =>
        CorruptionException.Throw($"the entry of the key {Versions.KeyText.Of(key)}", 0, $"an expiry of {ExpiringValue.PrefixBytes} bytes before the value", $"{length} bytes");
}
