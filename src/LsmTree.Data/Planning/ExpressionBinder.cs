using LsmTree.Data.Expressions;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>From expressions as written to expressions that evaluate: names become ordinals and slots, types are checked, constants folded.</summary>
/// <remarks>Chains of one operator are walked in a loop; recursion goes only as deep as the text nests, which the parser bounds.</remarks>
internal sealed class ExpressionBinder(BindingScope scope, ParameterSlots slots)
{
    public BindingScope Scope => scope;

    /// <summary>A binder of the same statement for a place where names mean something else.</summary>
    public ExpressionBinder Within(BindingScope inner) => new(inner, slots);

    public BoundExpression Bind(Expression expression) => Constant.Fold(expression switch
    {
        LiteralExpression literal => new Constant(literal.Value),
        ParameterExpression parameter => new ParameterValue(slots.SlotOf(parameter), parameter.Name is null ? $"?{parameter.Position + 1}" : "@" + parameter.Name),
        ColumnExpression column => scope.Column(column),
        UnaryExpression unary => BindUnary(unary),
        BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } logic => BindLogic(logic),
        BinaryExpression { Operator: >= BinaryOperator.Add } arithmetic => BindArithmetic(arithmetic),
        BinaryExpression comparison => BindComparison(comparison),
        IsNullExpression test => BindNullTest(test),
        BetweenExpression between => BindBetween(between),
        InExpression membership => BindIn(membership),
        LikeExpression like => BindLike(like),
        CaseExpression choice => BindCase(choice),
        CastExpression cast => BindCast(cast),
        FunctionExpression function => FunctionBinder.Bind(function, this),
        RowExpression row => throw Error(LsmErrorCode.Syntax, "A row of values stands only in a comparison or in IN", row.At),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} has no binding."),
    });

    /// <summary>Binds an expression that must be a condition.</summary>
    public BoundExpression BindCondition(Expression expression)
    {
        var condition = Bind(expression);
        return condition.Type is SqlType.Boolean or SqlType.Any or SqlType.Null
            ? condition
            : throw Error(LsmErrorCode.DatatypeMismatch, $"{scope.Clause} needs a condition that is BOOLEAN, not {SqlTypes.NameOf(condition.Type)}", expression.At);
    }

    public BoundExpression[] BindAll(IReadOnlyList<Expression> expressions)
    {
        var bound = new BoundExpression[expressions.Count];
        for (var i = 0; i < bound.Length; i++)
        {
            bound[i] = Bind(expressions[i]);
        }

        return bound;
    }

    /// <summary>Brings branches to one type, in place, and returns it: ANY when a parameter is among them, whose text is read as the type of the others.</summary>
    public static SqlType Unify(BoundExpression[] branches, SourceSpan at, string construct)
    {
        var others = branches.Where(static branch => branch is not ParameterValue).ToArray();
        if (!BranchType.TryMeet(others.Select(BranchType.Of), out var common, out var other))
        {
            throw Error(LsmErrorCode.DatatypeMismatch, $"{construct} brings together {SqlTypes.NameOf(common)} and {SqlTypes.NameOf(other)}", at);
        }

        for (var i = 0; i < branches.Length; i++)
        {
            branches[i] = branches[i] is ParameterValue ? ReadAs(branches[i], common, at) : ConvertBranch(branches[i], common, at);
        }

        return others.Length < branches.Length ? SqlType.Any : common;
    }

    /// <summary>A branch in the type in which it meets the others.</summary>
    public static BoundExpression ConvertBranch(BoundExpression branch, SqlType common, SourceSpan at)
    {
        branch = BranchType.IsQuotedLiteral(branch) ? ReadAs(branch, common, at) : branch;
        return common is SqlType.Any or SqlType.Null || branch.Type == common ? branch : Constant.Fold(new TypeCast(branch, common));
    }

    public static LsmException Error(LsmErrorCode code, string message, SourceSpan at, string? hint = null) => new(code, message, at.Line, at.Column, hint);

    private BoundExpression BindUnary(UnaryExpression unary)
    {
        switch (unary.Operator)
        {
            case UnaryOperator.Not:
                return new Complement(BindCondition(unary.Operand));
            case UnaryOperator.Plus:
                return Bind(unary.Operand);
            default:
                var operand = Bind(unary.Operand);
                return new Minus(operand, At(() => Arithmetic.NegatedType(operand.Type), unary.At));
        }
    }

    private Predicate BindLogic(BinaryExpression logic)
    {
        var terms = new List<BoundExpression>();
        var open = new Stack<Expression>([logic]);
        while (open.TryPop(out var part))
        {
            if (part is BinaryExpression inner && inner.Operator == logic.Operator)
            {
                open.Push(inner.Right);
                open.Push(inner.Left);
            }
            else
            {
                terms.Add(BindCondition(part));
            }
        }

        return logic.Operator == BinaryOperator.And ? new Conjunction([.. Flatten(terms)]) : (Predicate?)AsMembership(terms) ?? new Disjunction([.. terms]);
    }

    /// <summary><c>a = 1 OR a = 2 OR a IN (3, 4) …</c> is <c>a IN (1, 2, 3, 4, …)</c>, which can be found by key; null when it is anything else.</summary>
    private static MembershipTest? AsMembership(List<BoundExpression> terms)
    {
        ColumnValue? column = null;
        var items = new List<BoundExpression>(terms.Count);
        foreach (var term in terms)
        {
            var operand = term switch
            {
                ComparisonTest { Comparison: BinaryOperator.Equal } test => test.Left as ColumnValue ?? test.Right as ColumnValue,
                MembershipTest test => test.Operand as ColumnValue,
                _ => null,
            };
            if (operand is null || (column is not null && column.Ordinal != operand.Ordinal))
            {
                return null;
            }

            column = operand;
            if (term is MembershipTest list)
            {
                items.AddRange(list.Items);
            }
            else if (term is ComparisonTest equality)
            {
                items.Add(ReferenceEquals(equality.Left, operand) ? equality.Right : equality.Left);
            }
        }

        return items.TrueForAll(static item => item.IsFixed) ? new MembershipTest(column!, [.. items]) : null;
    }

    private static IEnumerable<BoundExpression> Flatten(List<BoundExpression> terms) =>
        terms.SelectMany(static term => term is Conjunction conjunction ? conjunction.Terms : [term]);

    private ArithmeticChain BindArithmetic(BinaryExpression arithmetic)
    {
        var spine = new Stack<BinaryExpression>();
        Expression first = arithmetic;
        while (first is BinaryExpression { Operator: >= BinaryOperator.Add } inner)
        {
            spine.Push(inner);
            first = inner.Left;
        }

        var start = Bind(first);
        var type = start.Type;
        var steps = new List<ArithmeticStep>(spine.Count);
        while (spine.TryPop(out var step))
        {
            var operand = Bind(step.Right);
            if (steps.Count == 0)
            {
                start = ReadAsNumber(start, step.Operator, operand.Type, step.At);
                type = start.Type;
            }

            operand = ReadAsNumber(operand, step.Operator, type, step.At);
            var left = type;
            type = At(() => ArithmeticChain.ResultType(step.Operator, left, operand.Type), step.At);
            steps.Add(new ArithmeticStep(step.Operator, operand));
        }

        return new ArithmeticChain(type, start, [.. steps]);
    }

    /// <summary>A quoted literal, or a parameter that holds a text, beside a number that it is added to, and so on.</summary>
    private static BoundExpression ReadAsNumber(BoundExpression operand, BinaryOperator step, SqlType beside, SourceSpan at) =>
        step != BinaryOperator.Concatenate && SqlTypes.IsNumeric(beside) ? ReadAs(operand, beside, at) : operand;

    private BoundExpression BindComparison(BinaryExpression comparison)
    {
        if (comparison.Left is RowExpression || comparison.Right is RowExpression)
        {
            return BindRows(comparison.Operator, comparison.Left, comparison.Right, comparison.At);
        }

        var left = Bind(comparison.Left);
        var right = Bind(comparison.Right);
        Reconcile(ref left, ref right, comparison.At);
        return new ComparisonTest(comparison.Operator, left, right);
    }

    private Predicate BindRows(BinaryOperator comparison, Expression left, Expression right, SourceSpan at)
    {
        if (left is not RowExpression leftRow || right is not RowExpression rightRow || leftRow.Items.Count != rightRow.Items.Count)
        {
            throw Error(LsmErrorCode.Syntax, "A row of values compares with a row of as many values", at);
        }

        var lefts = BindAll(leftRow.Items);
        var rights = BindAll(rightRow.Items);
        for (var i = 0; i < lefts.Length; i++)
        {
            Reconcile(ref lefts[i], ref rights[i], leftRow.Items[i].At);
        }

        return comparison == BinaryOperator.Equal
            ? new Conjunction([.. lefts.Zip(rights, static (leftItem, rightItem) => new ComparisonTest(BinaryOperator.Equal, leftItem, rightItem))])
            : new RowComparisonTest(comparison, lefts, rights);
    }

    private BoundExpression BindNullTest(IsNullExpression test)
    {
        var operand = Bind(test.Operand);
        return operand is ColumnValue column && !scope.Table!.Columns[column.Ordinal].Nullable
            ? new Constant(SqlValue.FromBoolean(test.Negated))
            : new NullTest(operand, test.Negated);
    }

    private BoundExpression BindBetween(BetweenExpression between)
    {
        var operand = Bind(between.Operand);
        var low = Bind(between.Low);
        var high = Bind(between.High);
        Reconcile(ref operand, ref low, between.At);
        Reconcile(ref operand, ref high, between.At);
        return Negate(new RangeTest(operand, low, high), between.Negated);
    }

    private BoundExpression BindIn(InExpression membership)
    {
        if (membership.Operand is RowExpression row)
        {
            var equalities = membership.Items.Select(item => BindRowEquality(row, item)).ToArray();
            return Negate(equalities.Length == 0 ? new Constant(SqlValue.FromBoolean(false)) : new RowMembershipTest(equalities), membership.Negated);
        }

        var operand = Bind(membership.Operand);
        var items = BindAll(membership.Items);
        for (var i = 0; i < items.Length; i++)
        {
            Reconcile(ref operand, ref items[i], membership.Items[i].At);
        }

        return Negate(items.Length == 0 ? new Constant(SqlValue.FromBoolean(false)) : new MembershipTest(operand, items), membership.Negated);
    }

    private RowComparisonTest BindRowEquality(RowExpression row, Expression item)
    {
        if (item is not RowExpression right || right.Items.Count != row.Items.Count)
        {
            throw Error(LsmErrorCode.Syntax, $"A row of {row.Items.Count} values is looked for among rows of as many values", item.At);
        }

        var lefts = BindAll(row.Items);
        var rights = BindAll(right.Items);
        for (var i = 0; i < lefts.Length; i++)
        {
            Reconcile(ref lefts[i], ref rights[i], right.Items[i].At);
        }

        return new RowComparisonTest(BinaryOperator.Equal, lefts, rights);
    }

    private BoundExpression BindLike(LikeExpression like)
    {
        var operand = Bind(like.Operand);
        if (operand.Type is not (SqlType.Text or SqlType.Blob or SqlType.Any or SqlType.Null))
        {
            throw Error(LsmErrorCode.DatatypeMismatch, $"LIKE compares text, not {SqlTypes.NameOf(operand.Type)}", like.At, "convert it with CAST(… AS TEXT)");
        }

        return Negate(new PatternTest(operand, Bind(like.Pattern), like.Escape is null ? null : Bind(like.Escape)), like.Negated);
    }

    private Choice BindCase(CaseExpression choice)
    {
        var operand = choice.Operand is null ? null : Bind(choice.Operand);
        var whens = new BoundExpression[choice.Whens.Count];
        var branches = new BoundExpression[choice.Whens.Count + 1];
        for (var i = 0; i < whens.Length; i++)
        {
            whens[i] = operand is null ? BindCondition(choice.Whens[i].When) : Bind(choice.Whens[i].When);
            branches[i] = Bind(choice.Whens[i].Then);
            if (operand is not null)
            {
                Reconcile(ref operand, ref whens[i], choice.Whens[i].When.At);
            }
        }

        branches[^1] = choice.Else is null ? new Constant(SqlValue.Null) : Bind(choice.Else);
        var type = Unify(branches, choice.At, "CASE");
        return new Choice(type, operand, whens, branches[..^1], branches[^1]);
    }

    private TypeCast BindCast(CastExpression cast) => new(Bind(cast.Operand), cast.Type.Type, cast.Type.Precision, cast.Type.Scale, cast.Type.Length);

    private static BoundExpression Negate(BoundExpression test, bool negated) => negated ? new Complement(test) : test;

    /// <summary>
    /// Makes two operands of a comparison fit: a quoted literal or a text parameter beside another type is read as that type; classes that never
    /// compare are refused now rather than at the first row.
    /// </summary>
    private static void Reconcile(ref BoundExpression left, ref BoundExpression right, SourceSpan at)
    {
        left = ReadAs(left, right.Type, at);
        right = ReadAs(right, left.Type, at);
        if (!Comparison.AreComparable(left.Type, right.Type))
        {
            throw Error(LsmErrorCode.DatatypeMismatch, $"{SqlTypes.NameOf(left.Type)} does not compare with {SqlTypes.NameOf(right.Type)}", at, "convert one side with CAST");
        }
    }

    private static BoundExpression ReadAs(BoundExpression operand, SqlType type, SourceSpan at)
    {
        if (!BranchType.IsReadFromText(type))
        {
            return operand;
        }

        switch (operand)
        {
            case Constant { Type: SqlType.Text } literal:
                return new Constant(At(() => Conversion.Cast(literal.Value, type), at));
            case ParameterValue:
                return new TextReading(operand, type);
            default:
                return operand;
        }
    }

    /// <summary>Gives an error of the value floor its place in the text.</summary>
    private static T At<T>(Func<T> computation, SourceSpan at)
    {
        try
        {
            return computation();
        }
        catch (LsmException error) when (error.Line == 0)
        {
            throw error.At(at.Line, at.Column);
        }
    }
}
