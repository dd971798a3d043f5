namespace LsmTree.Data.Values;

/// <summary>The five operators on numbers.</summary>
internal enum ArithmeticOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}
