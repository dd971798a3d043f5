using System.Globalization;
using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>The parameters of a text: all named, or all positional.</summary>
/// <remarks>
/// <c>@p</c>, <c>:p</c> and <c>$p</c> are one parameter. <c>?</c> takes the position after the highest so far, as in SQLite; <c>?3</c> and PostgreSQL's
/// <c>$3</c> are the third. Two names that differ by case only are both kept: the command decides which of its parameters each means.
/// </remarks>
internal sealed class ParameterNumbering
{
    private readonly SourceText _source;
    private readonly List<string> _names = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ParameterNumbering(SourceText source) => _source = source;

    /// <summary>Every name once, in order of appearance.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Positions that the text needs.</summary>
    public int PositionalCount { get; private set; }

    /// <summary>Numbers a parameter; call in the order of the text.</summary>
    public ParameterExpression Add(LsmSqlParser.ParameterContext context)
    {
        var token = context.Start;
        if (token.Type == LsmSqlLexer.NAMED_PARAMETER ? PositionalCount > 0 : _names.Count > 0)
        {
            throw _source.Error(LsmErrorCode.Syntax, "named and positional parameters in one text", token, "name all of them, or none");
        }

        return token.Type == LsmSqlLexer.NAMED_PARAMETER
            ? new ParameterExpression(_source.PlaceOf(token), Name(token), -1)
            : new ParameterExpression(_source.PlaceOf(token), null, Position(token));
    }

    private string Name(IToken token)
    {
        var name = Identifiers.Checked(token.Text[1..], token, _source);
        if (_known.Add(name))
        {
            CheckCount(_names.Count + 1, token);
            _names.Add(name);
        }

        return name;
    }

    private int Position(IToken token)
    {
        var digits = token.Text.AsSpan(1);
        var number = digits.IsEmpty ? PositionalCount + 1
            : int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written
            : int.MaxValue;
        if (number == 0)
        {
            throw _source.Error(LsmErrorCode.Syntax, "there is no parameter 0", token, "positions start at 1");
        }

        CheckCount(number, token);
        PositionalCount = Math.Max(PositionalCount, number);
        return number - 1;
    }

    private void CheckCount(int count, IToken token)
    {
        if (count > SqlLimits.Parameters)
        {
            throw _source.Error(LsmErrorCode.LimitExceeded, $"more than {SqlLimits.Parameters:N0} parameters", token, "send several statements");
        }
    }
}
