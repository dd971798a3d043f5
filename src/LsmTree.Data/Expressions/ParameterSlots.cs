using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Expressions;

/// <summary>
/// The parameters of a text, numbered. A named one has the place of its first appearance as its slot; a positional one its position.
/// Commands list their parameters in any order, with names in any case: <see cref="Resolve"/> finds for every slot the parameter to read.
/// </summary>
internal sealed class ParameterSlots
{
    private const int ManyNames = 32; // from here on a dictionary beats looking through all names for each slot

    public static readonly ParameterSlots None = new([], 0);

    private readonly string[] _names;
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly int _positionalCount;

    public ParameterSlots(IReadOnlyList<string> names, int positionalCount)
    {
        _names = [.. names];
        _positionalCount = positionalCount;
        for (var slot = 0; slot < _names.Length; slot++)
        {
            _slots.TryAdd(_names[slot], slot);
        }
    }

    public int Count => _names.Length + _positionalCount;

    /// <summary>The slot of a parameter of the text.</summary>
    public int SlotOf(ParameterExpression parameter)
    {
        if (parameter.Name is null)
        {
            return parameter.Position;
        }

        return _slots.TryGetValue(parameter.Name, out var slot) ? slot : Array.FindIndex(_names, name => string.Equals(name, parameter.Name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Writes into <paramref name="map"/>, for each slot, the index of its parameter in the set.</summary>
    /// <exception cref="LsmException">UndefinedParameter when the command lacks one.</exception>
    public void Resolve(ParameterSet parameters, ref int[] map)
    {
        if (map.Length < Count)
        {
            map = new int[Count];
        }

        if (_positionalCount > 0)
        {
            ResolvePositions(parameters, map);
            return;
        }

        Dictionary<string, int>? index = null;
        for (var slot = 0; slot < _names.Length; slot++)
        {
            if (slot < parameters.Count && string.Equals(parameters.NameAt(slot), _names[slot], StringComparison.Ordinal))
            {
                map[slot] = slot;
                continue;
            }

            if (parameters.Count < ManyNames)
            {
                map[slot] = parameters.IndexOf(_names[slot]);
            }
            else
            {
                index ??= IndexNames(parameters);
                map[slot] = index.TryGetValue(_names[slot], out var found) ? found : parameters.IndexOf(_names[slot]);
            }

            if (map[slot] < 0)
            {
                throw new LsmException(LsmErrorCode.UndefinedParameter, $"The command has no parameter '{_names[slot]}', which its text uses");
            }
        }
    }

    private void ResolvePositions(ParameterSet parameters, int[] map)
    {
        if (parameters.Count < _positionalCount)
        {
            throw new LsmException(LsmErrorCode.UndefinedParameter, $"The text uses {_positionalCount} positional parameters, and the command has {parameters.Count}");
        }

        for (var slot = 0; slot < _positionalCount; slot++)
        {
            map[slot] = slot;
        }
    }

    private static Dictionary<string, int> IndexNames(ParameterSet parameters)
    {
        var index = new Dictionary<string, int>(parameters.Count, StringComparer.Ordinal);
        for (var i = 0; i < parameters.Count; i++)
        {
            index.TryAdd(parameters.NameAt(i), i);
        }

        return index;
    }
}
