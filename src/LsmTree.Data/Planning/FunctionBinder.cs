using LsmTree.Data.Expressions;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>Calls by name: functions of one row, and aggregates.</summary>
internal static class FunctionBinder
{
    private static readonly string[] s_names = ["COUNT", "MIN", "MAX", "SUM", "AVG", "COALESCE", "LENGTH", "LOWER", "UPPER", "SUBSTR", "SUBSTRING", "HEX"];

    public static BoundExpression Bind(FunctionExpression call, ExpressionBinder binder) => call.Name switch
    {
        "COUNT" when call.Star => Aggregate(AggregateFunction.CountRows, call, binder),
        _ when call.Star => throw ExpressionBinder.Error(LsmErrorCode.UndefinedFunction, $"{call.Name}(*) has no meaning; only COUNT counts rows", call.At),
        "COUNT" => Aggregate(AggregateFunction.Count, call, binder),
        "MIN" => Aggregate(AggregateFunction.Min, call, binder),
        "MAX" => Aggregate(AggregateFunction.Max, call, binder),
        "SUM" => Aggregate(AggregateFunction.Sum, call, binder),
        "AVG" => Aggregate(AggregateFunction.Avg, call, binder),
        "COALESCE" => Coalesce(call, binder),
        "LENGTH" => Scalar(ScalarFunction.Length, SqlType.Int64, call, binder, 1, 1),
        "LOWER" => Scalar(ScalarFunction.Lower, SqlType.Text, call, binder, 1, 1),
        "UPPER" => Scalar(ScalarFunction.Upper, SqlType.Text, call, binder, 1, 1),
        "HEX" => Scalar(ScalarFunction.Hex, SqlType.Text, call, binder, 1, 1),
        "SUBSTR" or "SUBSTRING" => Substring(call, binder),
        _ => throw Unknown(call),
    };

    private static AggregateValue Aggregate(AggregateFunction function, FunctionExpression call, ExpressionBinder binder)
    {
        var scope = binder.Scope;
        if (scope.Aggregates is null)
        {
            throw ExpressionBinder.Error(LsmErrorCode.InvalidDefinition, $"{call.Name} is an aggregate, and stands in a select list only, not in {scope.Clause}", call.At);
        }

        BoundExpression? argument = null;
        if (function != AggregateFunction.CountRows)
        {
            CheckCount(call, 1, 1);
            var inner = new BindingScope { Table = scope.Table, Alias = scope.Alias, Clause = $"the argument of {call.Name}" };
            argument = binder.Within(inner).Bind(call.Arguments[0]);
        }

        var type = AggregateCall.ResultType(function, argument?.Type ?? SqlType.Null);
        if (function is AggregateFunction.Sum or AggregateFunction.Avg && !(SqlTypes.IsNumeric(type) || type is SqlType.Any or SqlType.Null))
        {
            throw ExpressionBinder.Error(LsmErrorCode.DatatypeMismatch, $"{call.Name} adds numbers, not {SqlTypes.NameOf(argument!.Type)}", call.At);
        }

        if (argument is Constant { Value.IsNull: false } && function == AggregateFunction.Count)
        {
            // COUNT(1) counts rows, and may then count keys.
            function = AggregateFunction.CountRows;
            argument = null;
        }

        scope.Aggregates.Add(new AggregateCall(function, argument, type));
        return new AggregateValue(scope.Aggregates.Count - 1, type);
    }

    private static Coalescence Coalesce(FunctionExpression call, ExpressionBinder binder)
    {
        CheckCount(call, 1, int.MaxValue);
        var arguments = binder.BindAll(call.Arguments);
        return new Coalescence(ExpressionBinder.Unify(arguments, call.At, "COALESCE"), arguments);
    }

    private static FunctionCall Substring(FunctionExpression call, ExpressionBinder binder)
    {
        var text = Scalar(ScalarFunction.Substr, SqlType.Text, call, binder, 2, 3);
        return text.Arguments[0].Type is SqlType.Blob or SqlType.Any
            ? new FunctionCall(ScalarFunction.Substr, text.Arguments[0].Type, [.. text.Arguments])
            : text;
    }

    private static FunctionCall Scalar(ScalarFunction function, SqlType type, FunctionExpression call, ExpressionBinder binder, int least, int most)
    {
        CheckCount(call, least, most);
        return new FunctionCall(function, type, binder.BindAll(call.Arguments));
    }

    private static void CheckCount(FunctionExpression call, int least, int most)
    {
        if (call.Arguments.Count < least || call.Arguments.Count > most)
        {
            var expected = least == most ? $"{least}" : most == int.MaxValue ? $"at least {least}" : $"{least} to {most}";
            throw ExpressionBinder.Error(LsmErrorCode.UndefinedFunction, $"{call.Name} takes {expected} argument{(expected == "1" ? "" : "s")}, not {call.Arguments.Count}", call.At);
        }
    }

    private static LsmException Unknown(FunctionExpression call)
    {
        var nearest = NearestName.Find(call.Name, s_names);
        return ExpressionBinder.Error(
            LsmErrorCode.UndefinedFunction,
            $"There is no function '{call.Name}'",
            call.At,
            nearest is null ? $"the functions are {string.Join(", ", s_names)}" : $"did you mean {nearest}?");
    }
}
