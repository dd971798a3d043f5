using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>The shape of a text: its syntax, record by record, without the places, and with one name or value left blank wherever it stands.</summary>
internal sealed class SyntaxPrint
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> s_properties = new();

    private readonly StringBuilder _text = new();
    private readonly string _blank;

    private SyntaxPrint(string blank) => _blank = blank;

    public static string Of(Script script, string blank)
    {
        var print = new SyntaxPrint(blank);
        print.Add(script.Statements);
        print.Add(script.ParameterNames);
        print.Add(script.PositionalCount);
        return print._text.ToString();
    }

    private void Add(object? part)
    {
        switch (part)
        {
            case string name:
                AddText(name);
                break;
            case SqlValue { Type: SqlType.Text } value:
                AddText(value.AsString());
                break;
            case SqlValue value:
                _text.Append(CultureInfo.InvariantCulture, $"{value.Type} {value.AsInt64()}");
                break;
            case null or bool or int or Enum:
                _text.Append(CultureInfo.InvariantCulture, $"{part ?? "null"}");
                break;
            case IEnumerable parts:
                _text.Append('[');
                foreach (var one in parts)
                {
                    Add(one);
                    _text.Append(',');
                }

                _text.Append(']');
                break;
            default:
                AddRecord(part);
                break;
        }
    }

    private void AddText(string text) => _text.Append(CultureInfo.InvariantCulture, $"{(text == _blank ? "◊" : $"'{text}'")}");

    private void AddRecord(object record)
    {
        _text.Append(record.GetType().Name).Append('(');
        foreach (var property in s_properties.GetOrAdd(record.GetType(), static type => [.. type.GetProperties().Where(static property => IsShape(property))]))
        {
            _text.Append(property.Name).Append('=');
            Add(property.GetValue(record));
            _text.Append(' ');
        }

        _text.Append(')');
    }

    /// <summary>Everything but where something stands, and how it was spelled.</summary>
    private static bool IsShape(PropertyInfo property) =>
        property.PropertyType != typeof(SourceSpan) && !(property.DeclaringType == typeof(SelectItem) && property.Name == nameof(SelectItem.Text));
}
