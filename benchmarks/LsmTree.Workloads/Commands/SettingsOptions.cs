using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using LsmTree.Storage;
using LsmTree.Workloads.Numbers;
using LsmTree.Workloads.Workers;

namespace LsmTree.Workloads.Commands;

/// <summary>The options that all runs share, worded once, and the settings that they make.</summary>
internal sealed class SettingsOptions
{
    private const long LeastMemtableBytes = 64L << 10;
    private const long MostMemtableBytes = 1L << 30;
    private const int MostThreads = 1_024;
    private const int MostValueBytes = 64 << 20;
    private const int MostKeyBytes = 64 << 10;
    private const int MostBatchEntries = 1_000_000;
    private const int MostBloomBits = 32;
    private const long MostKeys = 100_000_000_000;

    private readonly WorkloadSettings _defaults;
    private readonly Option<long> _keys;
    private readonly Option<long?> _operations;
    private readonly Option<long> _value;
    private readonly Option<long> _keyBytes;
    private readonly Option<long> _batch;
    private readonly Option<long> _threads;
    private readonly Option<long> _memtable;
    private readonly Option<long> _cache;
    private readonly Option<long> _bloom;
    private readonly Option<string> _compression;
    private readonly Option<string> _durability;
    private readonly Option<long> _seed;
    private readonly Option<string> _directory;
    private readonly Option<double?> _duration;
    private readonly Option<double?> _rate;
    private readonly Option<double> _warmUp;
    private readonly Option<long?> _timeOneIn;

    public SettingsOptions(WorkloadSettings defaults)
    {
        _defaults = defaults;
        _keys = Count("--keys", "Keys in the store: 500, 20k, 10M.", defaults.Keys, 1, MostKeys);
        _operations = Optional("--operations", "Operations of each workload. Default: the workload's own.", 1, long.MaxValue / 2);
        _keyBytes = Size("--key-size", "Bytes of a key.", defaults.KeyBytes, KeySpace.LeastKeyBytes, MostKeyBytes);
        _value = Size("--value", "Bytes of a value.", defaults.ValueBytes, 0, MostValueBytes);
        _batch = Count("--batch", "Entries of a batch.", defaults.BatchEntries, 1, MostBatchEntries);
        _threads = Count("--threads", "Threads that share the operations.", defaults.Threads, 1, MostThreads);
        _memtable = Size("--memtable", "Bytes of a memtable: 64M.", defaults.MemtableBytes, LeastMemtableBytes, MostMemtableBytes);
        _cache = Size("--cache", "Bytes of the block cache: 512M.", defaults.CacheBytes, 0, long.MaxValue / 2);
        _bloom = Count("--bloom", "Bits of bloom filter for each key.", defaults.BloomBits, 0, MostBloomBits);
        _compression = Choice("--compression", "How blocks are compressed.", defaults.Compression.ToString(), "none", "brotli");
        _durability = Choice("--durability", "What a write waits for: nothing, the operating system, or the disk.", defaults.Durability.ToString(), "off", "normal", "full");
        _seed = Count("--seed", "What everything random comes from.", (long)defaults.Seed, 0, long.MaxValue / 2);
        _directory = new Option<string>("--directory")
        {
            Description = "Where stores are made, in a directory that is deleted afterwards; :memory: for none.",
            DefaultValueFactory = static _ => Path.GetTempPath(),
        };
        _duration = Positive("--duration", "Ends each workload after that many seconds.");
        _rate = Positive("--rate", "Operations a second, at fixed moments; latencies run from when each was due. Default: as many as possible.");
        _warmUp = new Option<double>("--warm-up")
        {
            Description = "Seconds of a round of warm-up on a small store; rounds go on until nothing is left to compile. 0 for none.",
            DefaultValueFactory = _ => defaults.WarmUpSeconds,
        };
        _warmUp.Validators.Add(static result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<double>() is not (>= 0 and < 3_600))
            {
                result.AddError("--warm-up takes 0 to 3,600 seconds.");
            }
        });
        _timeOneIn = Optional("--time-one-in", "Times one operation in that many. Default: one get in 16, every operation of another kind.", 1, 1_000_000);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_keys, _operations, _keyBytes, _value, _batch, _threads, _memtable, _cache, _bloom, _compression, _durability, _seed, _directory, _duration, _rate, _warmUp, _timeOneIn])
        {
            command.Options.Add(option);
        }
    }

    public WorkloadSettings ToSettings(ParseResult parsed) => _defaults with
    {
        Keys = parsed.GetValue(_keys),
        Operations = parsed.GetValue(_operations),
        KeyBytes = (int)parsed.GetValue(_keyBytes),
        ValueBytes = (int)parsed.GetValue(_value),
        BatchEntries = (int)parsed.GetValue(_batch),
        Threads = (int)parsed.GetValue(_threads),
        MemtableBytes = parsed.GetValue(_memtable),
        CacheBytes = parsed.GetValue(_cache),
        BloomBits = (int)parsed.GetValue(_bloom),
        Compression = Enum.Parse<Compression>(parsed.GetRequiredValue(_compression), ignoreCase: true),
        Durability = Enum.Parse<Durability>(parsed.GetRequiredValue(_durability), ignoreCase: true),
        Seed = (ulong)parsed.GetValue(_seed),
        Directory = parsed.GetRequiredValue(_directory),
        MaxSeconds = parsed.GetValue(_duration),
        Rate = parsed.GetValue(_rate),
        WarmUpSeconds = parsed.GetValue(_warmUp),
        TimeOneIn = (int?)parsed.GetValue(_timeOneIn),
    };

    private static Option<long> Count(string name, string description, long standard, long least, long most) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result => Read(result, Quantity.TryParseCount, "a count such as 500, 20k or 10M", least, most),
    };

    private static Option<long?> Optional(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        CustomParser = result => Read(result, Quantity.TryParseCount, "a count such as 500, 20k or 10M", least, most),
    };

    private static Option<long> Size(string name, string description, long standard, long least, long most) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result => Read(result, Quantity.TryParseBytes, "bytes, such as 100, 4K or 64M", least, most),
    };

    private static Option<string> Choice(string name, string description, string standard, params string[] choices)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => standard.ToLowerInvariant() };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }

    private static Option<double?> Positive(string name, string description)
    {
        var option = new Option<double?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<double?>() is not (null or > 0 and < 1e12))
            {
                result.AddError($"{name} takes a number above 0.");
            }
        });
        return option;
    }

    private static long Read(ArgumentResult result, QuantityReader reader, string what, long least, long most)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (!reader(text, out var value))
        {
            result.AddError($"'{text}' is not {what}.");
        }
        else if (value < least || value > most)
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"'{text}' is out of range: {least:N0} to {most:N0}."));
        }

        return value;
    }
}
