using System.Buffers.Binary;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Children;

/// <summary>What a child process does when these tests are started with <c>--busy-writer DIRECTORY</c>: writes as fast as it can, so that whoever reads beside it can tell each prefix from every other state.</summary>
/// <remarks>
/// <code>
/// commit n is one batch:   count = n    a:(n mod 400) = n    b:(n mod 400) = n    and every 97th: delete range c:, put c:(n mod 7) = n
/// </code>
/// <para>So a state is a prefix if, and only if, it is <see cref="Expected"/> of its count. With the smallest memtables, that is a flush every thousand commits, and compactions all the time.</para>
/// </remarks>
internal static class BusyWriter
{
    public const string Option = "--busy-writer";

    private const int Slots = 400;
    private const int RangeDeleteEvery = 97;

    public static LsmStoreOptions Options { get; } = new() { MemtableBytes = 64 << 10, TableBytes = 64 << 10 };

    public static bool IsMeant(string[] args) => args is [Option, _];

    /// <summary>Writes until the standard input ends. Says on the standard output when it has begun.</summary>
    public static int Run(string directory)
    {
        using var store = LsmStore.Open(directory, Options);
        var isOver = false;
        var input = new Thread(() =>
        {
            Console.In.ReadToEnd();
            Volatile.Write(ref isOver, true);
        })
        { IsBackground = true };
        input.Start();
        var batch = new WriteBatch();
        for (long n = 1; !Volatile.Read(ref isOver); n++)
        {
            Fill(batch, n);
            store.Write(batch);
            if (n == 1)
            {
                Console.Out.WriteLine("begun");
            }
        }

        return 0;
    }

    /// <summary>What a store holds after <paramref name="count"/> commits.</summary>
    public static SortedDictionary<string, long> Expected(long count)
    {
        var expected = new SortedDictionary<string, long>(StringComparer.Ordinal) { ["count"] = count };
        for (var n = Math.Max(1, count - Slots + 1); n <= count; n++)
        {
            expected[$"a:{n % Slots:D3}"] = n;
            expected[$"b:{n % Slots:D3}"] = n;
        }

        if (count / RangeDeleteEvery * RangeDeleteEvery is > 0 and var last)
        {
            expected[$"c:{last % 7}"] = last;
        }

        return expected;
    }

    private static void Fill(WriteBatch batch, long n)
    {
        Span<byte> value = stackalloc byte[64];
        BinaryPrimitives.WriteInt64BigEndian(value, n);
        batch.Clear();
        batch.Put("count"u8, value);
        batch.Put(System.Text.Encoding.ASCII.GetBytes($"a:{n % Slots:D3}"), value);
        batch.Put(System.Text.Encoding.ASCII.GetBytes($"b:{n % Slots:D3}"), value);
        if (n % RangeDeleteEvery == 0)
        {
            batch.DeleteRange("c:"u8, "c;"u8);
            batch.Put(System.Text.Encoding.ASCII.GetBytes($"c:{n % 7}"), value);
        }
    }
}
