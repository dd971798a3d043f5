namespace LsmTree.Data;

/// <summary>Connection strings that were checked lately, by text. Thread-safe; takes no lock.</summary>
/// <remarks>
/// Applications make connections by the thousand from a few strings. Each string has one slot, and the last that came to a slot has it: a
/// process that goes through many strings, once each, never pushes out for good the one that it keeps using. What is held are a pure
/// function's results, so forgetting one changes nothing but time.
/// </remarks>
internal sealed class RememberedSettings
{
    private const int Slots = 64;

    private readonly ConnectionSettings?[] _slots = new ConnectionSettings?[Slots];

    /// <summary>The settings of a text, whose <see cref="ConnectionSettings.Text"/> is the given instance.</summary>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    public ConnectionSettings Get(string text)
    {
        ref var slot = ref _slots[string.GetHashCode(text) & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && ReferenceEquals(known.Text, text))
        {
            return known;
        }

        var settings = known is not null && known.Text == text ? known.WithText(text) : ConnectionSettings.Check(text);
        Volatile.Write(ref slot, settings);
        return settings;
    }
}
