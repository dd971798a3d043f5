using System.Globalization;

namespace LsmTree.Crash.Tests.Corruption;

/// <summary>Every way of damaging one file, by a kind and a place, so that each can be named and repeated.</summary>
internal static class Damage
{
    public static IReadOnlyList<(string Name, Func<byte[], int, byte[]?> Apply)> OfBytes { get; } =
    [
        .. Enumerable.Range(0, 8).Select(static bit => ($"flip-{bit}", (Func<byte[], int, byte[]?>)((bytes, at) => With(bytes, at, (byte)(bytes[at] ^ (1 << bit)))))),
        ("invert", static (bytes, at) => With(bytes, at, (byte)(bytes[at] ^ 0xFF))),
        ("zero", static (bytes, at) => bytes[at] == 0 ? null : With(bytes, at, 0)),
        ("truncate", static (bytes, at) => bytes[..at]),
        ("transpose", static (bytes, at) => at % 8 == 0 && at + 16 <= bytes.Length && !bytes.AsSpan(at, 8).SequenceEqual(bytes.AsSpan(at + 8, 8))
            ? [.. bytes[..at], .. bytes[(at + 8)..(at + 16)], .. bytes[at..(at + 8)], .. bytes[(at + 16)..]]
            : null),
        ("lose-sector", static (bytes, at) => at % 512 == 0 && bytes.AsSpan(at, Math.Min(512, bytes.Length - at)).ContainsAnyExcept((byte)0) ? Zeroed(bytes, at, 512) : null),
        ("lose-page", static (bytes, at) => at % 4096 == 0 && bytes.AsSpan(at, Math.Min(4096, bytes.Length - at)).ContainsAnyExcept((byte)0) ? Zeroed(bytes, at, 4096) : null),
        ("append", static (bytes, at) => at < 16 ? [.. bytes, .. Enumerable.Repeat((byte)(at * 17), 1 << at)] : null),
    ];

    /// <summary>Ways of damaging a directory: a file is missing, or another stands in its place.</summary>
    public static IEnumerable<(string Words, (string Name, byte[]? Bytes)[] Files)> OfDirectories(Fixture fixture)
    {
        foreach (var name in fixture.Names)
        {
            yield return ($"delete={name}", [(name, null)]);
            foreach (var other in fixture.Names.Where(other => other != name))
            {
                yield return ($"replace={name} by={other}", [(name, fixture.Bytes(other))]);
                if (string.CompareOrdinal(name, other) < 0)
                {
                    yield return ($"swap={name} with={other}", [(name, fixture.Bytes(other)), (other, fixture.Bytes(name))]);
                }
            }

            // Another store's file of the same name, and an earlier generation of this one's.
            foreach (var stranger in Fixture.All.Where(stranger => stranger != fixture && stranger.Names.Contains(name)))
            {
                yield return ($"replace={name} from={stranger.Name}", [(name, stranger.Bytes(name))]);
            }
        }

        // What was cut short leaves these, and LOCK and RESTORING stand for nothing but themselves: in a whole store their contents say nothing.
        foreach (var name in new[] { "LOCK", "RESTORING", "CURRENT.tmp", "OPTIONS.tmp" })
        {
            yield return ($"remains={name} of=nothing", [(name, [])]);
            foreach (var other in fixture.Names)
            {
                yield return ($"remains={name} of={other}", [(name, fixture.Bytes(other))]);
            }
        }

        yield return ("delete=CURRENT remains=RESTORING", [("CURRENT", null), ("RESTORING", [])]);
        foreach (var text in new[] { "", "\n", "MANIFEST-000001", "../x 00000000\n", "/etc/passwd 12345678\n", new string('M', 1 << 20) })
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"current={text.Length}"), [("CURRENT", System.Text.Encoding.ASCII.GetBytes(text))]);
        }
    }

    private static byte[] With(byte[] bytes, int at, byte value)
    {
        var copy = (byte[])bytes.Clone();
        copy[at] = value;
        return copy;
    }

    private static byte[] Zeroed(byte[] bytes, int at, int count)
    {
        var copy = (byte[])bytes.Clone();
        copy.AsSpan(at, Math.Min(count, copy.Length - at)).Clear();
        return copy;
    }
}
