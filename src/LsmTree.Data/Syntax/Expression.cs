using LsmTree.Data.Values;

namespace LsmTree.Data.Syntax;

/// <summary>An expression as it was written. A closed hierarchy: every case is in this file's folder, and a switch over it ends in a throw.</summary>
internal abstract record Expression(SourceSpan At);

internal sealed record LiteralExpression(SourceSpan At, SqlValue Value) : Expression(At);

/// <param name="At">Where it stands.</param>
/// <param name="Name">The name without its prefix; null for <c>?</c> and <c>?1</c>.</param>
/// <param name="Position">The position from 0 for <c>?</c> (in order of appearance in the whole text) and <c>?1</c> (0); -1 when named.</param>
internal sealed record ParameterExpression(SourceSpan At, string? Name, int Position) : Expression(At);

/// <summary>A column; also <c>EXCLUDED.col</c> inside ON CONFLICT DO UPDATE.</summary>
internal sealed record ColumnExpression(SourceSpan At, string Name, bool Excluded, string? Table = null) : Expression(At);

internal sealed record UnaryExpression(SourceSpan At, UnaryOperator Operator, Expression Operand) : Expression(At);

internal sealed record BinaryExpression(SourceSpan At, BinaryOperator Operator, Expression Left, Expression Right) : Expression(At);

/// <summary><c>(a, b, …)</c> with two or more items: only legal on both sides of a comparison or in IN.</summary>
internal sealed record RowExpression(SourceSpan At, IReadOnlyList<Expression> Items) : Expression(At);

internal sealed record IsNullExpression(SourceSpan At, Expression Operand, bool Negated) : Expression(At);

internal sealed record BetweenExpression(SourceSpan At, Expression Operand, Expression Low, Expression High, bool Negated) : Expression(At);

/// <summary><c>x IN (…)</c>. The empty forms that Dapper writes (<c>IN (SELECT @p WHERE 1 = 0)</c>) arrive with no items.</summary>
internal sealed record InExpression(SourceSpan At, Expression Operand, IReadOnlyList<Expression> Items, bool Negated) : Expression(At);

internal sealed record LikeExpression(SourceSpan At, Expression Operand, Expression Pattern, Expression? Escape, bool Negated) : Expression(At);

internal sealed record CaseExpression(SourceSpan At, Expression? Operand, IReadOnlyList<WhenClause> Whens, Expression? Else) : Expression(At);

internal sealed record CastExpression(SourceSpan At, Expression Operand, TypeName Type) : Expression(At);

/// <summary>A function or aggregate by its name in upper case. <c>COUNT(*)</c> has <paramref name="Star"/> set and no arguments.</summary>
internal sealed record FunctionExpression(SourceSpan At, string Name, IReadOnlyList<Expression> Arguments, bool Star = false) : Expression(At);

internal sealed record WhenClause(Expression When, Expression Then);

/// <summary>A type as written, resolved to the type it names; DECIMAL keeps its precision and scale, VARCHAR its length (all 0 when not given).</summary>
internal sealed record TypeName(SourceSpan At, SqlType Type, string Text, int Precision = 0, int Scale = 0, int Length = 0);

internal enum UnaryOperator
{
    Negate,
    Plus,
    Not,
}

internal enum BinaryOperator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Concatenate,
}
