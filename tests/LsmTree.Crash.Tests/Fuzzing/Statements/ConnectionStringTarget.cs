using LsmTree.Data;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Connection strings. One that is taken must, written out, be taken for the same.</summary>
internal sealed class ConnectionStringTarget() : FuzzTarget("connection", 1_000)
{
    private static readonly string[] s_seeds =
    [
        "Data Source=:memory:", "Data Source=/a/b;Mode=ReadOnly;Synchronous=Full", "DataSource=x;Pooling=false;Engine Idle Timeout=0;Memory Budget=256MB",
        "Path='a;b';Memtable Size=64KB;Compression=Brotli", "Filename=\"a'b\";Command Timeout=5;Enlist=false;Name=n", "Directory=|DataDirectory|/x;Ignore Command Transaction=true;Default Timeout=0",
    ];

    private static readonly string[] s_pieces =
    [
        ";", "=", "==", "'", "\"", "{", "}", " ", "\0", "\n", "\ud800", "é", "-1", "999999999999999999999", "1GB", "1.5MB", "KB", "true", "maybe", "Memory", "Mode=", "Name=", "Data Source=",
        "Pooling=", "Memory Budget=", "Memtable Size=", "Default Timeout=", "Engine Idle Timeout=", "Enlist=true", "2147483648", "|DataDirectory|", "Synchronous=", "0", "0x10", "1e3", "NaN",
    ];

    public override int Execute(ref Dice dice)
    {
        var text = s_seeds[dice.Below(s_seeds.Length)];
        for (var times = dice.Below(4); times > 0; times--)
        {
            var at = dice.Below(text.Length + 1);
            text = dice.Below(4) switch
            {
                0 => text.Remove(at, dice.Below(Math.Min(8, text.Length - at) + 1)),
                1 => text[..at] + (char)dice.Below(dice.Once(2) ? 0x80 : 0x10000) + text[at..],
                2 => $"{text};{s_seeds[dice.Below(s_seeds.Length)]}",
                _ => text.Insert(at, s_pieces[dice.Below(s_pieces.Length)]),
            };
        }

        try
        {
            var builder = new LsmConnectionStringBuilder(text);
            var again = new LsmConnectionStringBuilder(builder.ConnectionString);
            if (!Equals(Values(again), Values(builder)))
            {
                throw new FuzzException($"{text}: {builder.ConnectionString} becomes {again.ConnectionString}");
            }

            new LsmConnection(text).Dispose();
        }
        catch (ArgumentException)
        {
            // A keyword or value that does not fit.
        }
        catch (Exception failure) when (failure is not FuzzException)
        {
            throw new FuzzException($"{text}: {failure}");
        }

        return 1;
    }

    // What is written as empty reads as absent, and means the same.
    private static object Values(LsmConnectionStringBuilder builder) =>
        (builder.DataSource, builder.Mode, builder.Synchronous, builder.DefaultTimeout, builder.Pooling, builder.EngineIdleTimeout, builder.MemoryBudget, builder.MemtableSize, builder.Compression, builder.Name);
}
