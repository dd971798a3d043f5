using Antlr4.Runtime;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>One pass over the tokens before the parser sees them: what is never closed, and what is nested too deeply.</summary>
/// <remarks>
/// <para>The parser recurses only inside parentheses and CASE … END, and behind NOT and signs. A parenthesis is open until it closes. A NOT in front of
/// a condition is open until the condition ends: at a comma, AND, OR, a clause of CASE, or the end of the statement. A sign in front of an operand is
/// open until the operand ends, which is at once, unless the operand opens a parenthesis.</para>
/// <para>Example: in <c>NOT a = -f(-1), b</c> one is open after NOT, two after the first sign, three inside the parenthesis, four after the second sign,
/// one after the parenthesis has closed, and none after the comma.</para>
/// </remarks>
internal sealed class TokenCheck
{
    private readonly SourceText _source;
    private readonly Stack<(int Nots, int Signs)> _outer = [];
    private int _open;
    private int _nots;
    private int _signs;

    private TokenCheck(SourceText source) => _source = source;

    /// <exception cref="LsmException">Syntax or LimitExceeded, at the token.</exception>
    public static void Run(IList<IToken> tokens, SourceText source)
    {
        CheckLastComment(tokens, source);
        var check = new TokenCheck(source);
        var previous = LsmSqlLexer.SEMICOLON;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (token.Channel == Lexer.DefaultTokenChannel)
            {
                check.Count(token, previous, i + 1 < tokens.Count ? tokens[i + 1].Type : TokenConstants.EOF);
                previous = token.Type;
            }
        }
    }

    private void Count(IToken token, int previous, int next)
    {
        // After AS any word is a name.
        switch (previous == LsmSqlLexer.AS && token.Type <= LsmSqlLexer.WITH ? LsmSqlLexer.IDENTIFIER : token.Type)
        {
            case LsmSqlLexer.UNTERMINATED:
                throw _source.Error(LsmErrorCode.Syntax, $"this {(_source.Text[token.StartIndex] is '"' or '[' or '`' ? "quoted name" : "string")} is never closed", token);
            case LsmSqlLexer.OPEN or LsmSqlLexer.CASE:
                _outer.Push((_nots, _signs));
                (_nots, _signs) = (0, 0);
                Open(token);
                break;
            case LsmSqlLexer.CLOSE or LsmSqlLexer.END when _outer.Count > 0:
                _open -= _nots + _signs + 1;
                (_nots, _signs) = _outer.Pop();
                EndOperand();
                break;
            case LsmSqlLexer.NOT when previous != LsmSqlLexer.IS && !EndsOperand(previous):
                _nots++;
                Open(token);
                break;
            case LsmSqlLexer.PLUS or LsmSqlLexer.MINUS when !EndsOperand(previous):
                _signs++;
                Open(token);
                break;
            case LsmSqlLexer.COMMA or LsmSqlLexer.AND or LsmSqlLexer.OR or LsmSqlLexer.WHEN or LsmSqlLexer.THEN or LsmSqlLexer.ELSE or LsmSqlLexer.SEMICOLON:
                _open -= _nots;
                _nots = 0;
                EndOperand();
                break;
            case var type when EndsOperand(type) && next != LsmSqlLexer.OPEN:
                EndOperand();
                break;
            default:
                // An operator, a word of the statement, or the name of a function, whose parentheses stand inside the signs before it.
                break;
        }
    }

    private void Open(IToken token)
    {
        if (++_open > SqlLimits.Nesting)
        {
            throw _source.Error(LsmErrorCode.LimitExceeded, $"nested more than {SqlLimits.Nesting} deep", token, "split the expression");
        }
    }

    private void EndOperand()
    {
        _open -= _signs;
        _signs = 0;
    }

    /// <summary>True for literals, names, parameters and closing words: what an operator, and not a sign, stands behind.</summary>
    private static bool EndsOperand(int type) => type is
        (>= LsmSqlLexer.ANALYZE and <= LsmSqlLexer.BLOB)
        or LsmSqlLexer.TRUE or LsmSqlLexer.FALSE or LsmSqlLexer.NULL or LsmSqlLexer.CLOSE or LsmSqlLexer.END;

    /// <summary>The lexer leaves its comment mode when a comment ends, so that a text that ends inside one ends with the token of its start.</summary>
    private static void CheckLastComment(IList<IToken> tokens, SourceText source)
    {
        if (tokens is [.., { Channel: Lexer.Hidden } start, { TokenSource: LsmSqlLexer { CurrentMode: not Lexer.DEFAULT_MODE } }])
        {
            throw source.Error(LsmErrorCode.Syntax, "this comment is never closed", start);
        }
    }
}
