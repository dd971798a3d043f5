using LsmTree.Storage.Keys;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>Values with the moment at which they expire: too short, or split so that the parts are the whole again; and nothing expires early, or a millisecond late.</summary>
internal sealed class ExpiryTarget() : FuzzTarget("expiry", 3_000)
{
    public override int Execute(ref Dice dice)
    {
        var stored = new byte[ExpiringValue.PrefixBytes + dice.Below(20)];
        ExpiringValue.WritePrefix(stored, (long)dice.Next());
        stored = Mutation.Of(stored, ref dice);
        if (!ExpiringValue.TrySplit(stored, out var expiresAt, out var value))
        {
            return stored.Length < ExpiringValue.PrefixBytes ? 1 : throw new FuzzException($"{Convert.ToHexString(stored)} is too short");
        }

        var again = new byte[ExpiringValue.PrefixBytes + value.Length];
        ExpiringValue.WritePrefix(again, expiresAt);
        value.CopyTo(again.AsSpan(ExpiringValue.PrefixBytes));
        if (!again.AsSpan().SequenceEqual(stored))
        {
            throw new FuzzException($"{Convert.ToHexString(stored)} is split into {Convert.ToHexString(again)}");
        }

        var moment = new DateTimeOffset((long)(dice.Next() % (ulong)DateTime.MaxValue.Ticks), TimeSpan.Zero);
        var late = (ExpiringValue.ToMilliseconds(moment) * TimeSpan.TicksPerMillisecond) - (moment.Ticks - DateTimeOffset.UnixEpoch.Ticks);
        return late is >= 0 and < TimeSpan.TicksPerMillisecond ? 1 : throw new FuzzException($"what expires at {moment:O} does so {late} ticks late");
    }
}
