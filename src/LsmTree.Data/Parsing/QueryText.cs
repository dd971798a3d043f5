using System.Text;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>A command text as others may see it.</summary>
internal static class QueryText
{
    /// <summary>The text with '?' in the place of each literal: values may be secret, the shape of a statement is not.</summary>
    /// <param name="text">A text that the parser accepts.</param>
    public static string WithoutLiterals(string text)
    {
        var lexer = new LsmSqlLexer(new CharacterStream(text));
        lexer.RemoveErrorListeners();
        var shown = new StringBuilder(text.Length);
        var end = 0;
        foreach (var token in lexer.GetAllTokens())
        {
            if (token.Type is LsmSqlLexer.STRING or LsmSqlLexer.BLOB or LsmSqlLexer.INTEGER or LsmSqlLexer.DECIMAL or LsmSqlLexer.FLOAT)
            {
                shown.Append(text, end, token.StartIndex - end).Append('?');
                end = token.StopIndex + 1;
            }
        }

        return shown.Append(text, end, text.Length - end).ToString();
    }
}
