using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LsmTree.Data.Parsing;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Sessions;

/// <summary>The texts that an engine's connections have used lately, parsed and planned. Thread-safe; reading takes no lock.</summary>
/// <remarks>
/// <para>A text is found first by reference: the SQL of a program is mostly literals, which are one object each, so a small table by the
/// object's identity answers without looking at a character. Then by its characters.</para>
/// <para>When the cache is full, the text that came first leaves. Texts longer than <see cref="LongestText"/> are not kept: they are bulk
/// loads with their data written into them.</para>
/// </remarks>
internal sealed class PlanCache
{
    /// <summary>As many as Npgsql's automatic preparation watches twice over, and more than a program of common size has.</summary>
    public const int Capacity = 256;

    /// <summary>8 Ki UTF-16 units.</summary>
    public const int LongestText = 8 << 10;

    private const int RecentSlots = 64;

    private readonly PreparedScript?[] _recent = new PreparedScript?[RecentSlots];
    private readonly ConcurrentDictionary<string, PreparedScript> _scripts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _arrivals = new();

    public int Count => _scripts.Count;

    /// <summary>The script of a text for the tables of a catalogue; parsed and planned when it is new or was planned for other tables.</summary>
    public PreparedScript Get(string text, Catalogue catalogue)
    {
        ref var slot = ref _recent[RuntimeHelpers.GetHashCode(text) & (RecentSlots - 1)];
        var recent = Volatile.Read(ref slot);
        if (recent is not null && ReferenceEquals(recent.Text, text) && ReferenceEquals(recent.Catalogue, catalogue))
        {
            return recent;
        }

        var script = GetByText(text, catalogue);
        if (ReferenceEquals(script.Text, text))
        {
            Volatile.Write(ref slot, script);
        }

        return script;
    }

    private PreparedScript GetByText(string text, Catalogue catalogue)
    {
        if (_scripts.TryGetValue(text, out var known))
        {
            var current = known.For(catalogue);
            if (!ReferenceEquals(current, known))
            {
                _scripts.TryUpdate(text, current, known);
            }

            return current;
        }

        var script = PreparedScript.Create(text, SqlParser.Parse(text), catalogue);
        if (text.Length <= LongestText && _scripts.TryAdd(text, script))
        {
            _arrivals.Enqueue(text);
            while (_scripts.Count > Capacity && _arrivals.TryDequeue(out var oldest))
            {
                _scripts.TryRemove(oldest, out _);
            }
        }

        return script;
    }
}
