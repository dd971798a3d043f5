using LsmTree.Data.Syntax;

namespace LsmTree.Data.Expressions;

/// <summary>An operator and its right operand.</summary>
internal readonly record struct ArithmeticStep(BinaryOperator Operator, BoundExpression Operand);
