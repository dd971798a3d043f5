using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>How a token or a rule is called in an error message, and how early it is named.</summary>
internal static class ExpectedWord
{
    public const string Expression = "an expression";

    private const int First = 0;
    private const int Middle = 100;
    private const int Last = 200;

    // The words that most statements begin or go on with, in the order in which a reader wants to see them; all others follow by the alphabet.
    private static readonly int[] s_popular =
    [
        LsmSqlLexer.SELECT, LsmSqlLexer.INSERT, LsmSqlLexer.UPSERT, LsmSqlLexer.UPDATE, LsmSqlLexer.DELETE, LsmSqlLexer.CREATE,
        LsmSqlLexer.FROM, LsmSqlLexer.WHERE, LsmSqlLexer.VALUES, LsmSqlLexer.SET, LsmSqlLexer.COMMA, LsmSqlLexer.CLOSE,
    ];

    /// <summary>The one word that stands for all that a rule begins with; null when its own words are better.</summary>
    public static (int Rank, string Word)? OfRule(int ruleIndex) => ruleIndex switch
    {
        LsmSqlParser.RULE_expression or LsmSqlParser.RULE_operand or LsmSqlParser.RULE_list => (First, Expression),
        LsmSqlParser.RULE_identifier or LsmSqlParser.RULE_bareLabel or LsmSqlParser.RULE_label or LsmSqlParser.RULE_columnNames
            or LsmSqlParser.RULE_tableName or LsmSqlParser.RULE_tableReference => (First, "a name"),
        LsmSqlParser.RULE_typeName => (First, "a type"),
        LsmSqlParser.RULE_parameter => (First, "a parameter"),
        _ => null,
    };

    public static (int Rank, string Word) OfToken(int type, int ruleIndex) => type switch
    {
        LsmSqlLexer.STAR when ruleIndex == LsmSqlParser.RULE_selectItem => (First, "'*'"),
        LsmSqlLexer.IDENTIFIER when ruleIndex == LsmSqlParser.RULE_typeName => (First, "a type"),
        Antlr4.Runtime.TokenConstants.EOF or LsmSqlLexer.SEMICOLON => (Last, "the end of the statement"),
        LsmSqlLexer.EQUAL or LsmSqlLexer.NOT_EQUAL or LsmSqlLexer.LESS or LsmSqlLexer.LESS_OR_EQUAL or LsmSqlLexer.GREATER
            or LsmSqlLexer.GREATER_OR_EQUAL or LsmSqlLexer.PLUS or LsmSqlLexer.MINUS or LsmSqlLexer.STAR or LsmSqlLexer.SLASH
            or LsmSqlLexer.PERCENT or LsmSqlLexer.CONCATENATE => (Last - 1, "an operator"),
        LsmSqlLexer.IDENTIFIER => (First, "a name"),
        LsmSqlLexer.STRING => (First, "a string"),
        LsmSqlLexer.INTEGER => (First, "a whole number"),
        _ => (Array.IndexOf(s_popular, type) is >= 0 and var rank ? rank : Middle, Spelling(type)),
    };

    /// <summary>True for the operators that are words: named only where not every operator may stand.</summary>
    public static bool IsPredicateOperator(string word) => word is "AND" or "OR" or "NOT" or "BETWEEN" or "IN" or "LIKE" or "IS";

    /// <summary>True for what an expression begins with: not named beside "an expression".</summary>
    public static bool BeginsExpression(string word) => word is "a name" or "a string" or "a whole number" or "a parameter" or "NOT";

    /// <summary>A word as it is, a sign in quotes.</summary>
    private static string Spelling(int type)
    {
        var literal = LsmSqlLexer.DefaultVocabulary.GetLiteralName(type);
        return literal is not null && !char.IsAsciiLetter(literal[1]) ? literal : LsmSqlLexer.DefaultVocabulary.GetSymbolicName(type);
    }
}
