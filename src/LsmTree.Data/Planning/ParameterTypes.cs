using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>The types of a result that only the parameters of one execution tell: of <c>SELECT @p</c>, and of a UNION of such.</summary>
internal static class ParameterTypes
{
    /// <summary>True for an output whose type is that of the value it will have.</summary>
    public static bool Decide(BoundExpression output) => output.Type == SqlType.Any && output.Inputs == ExpressionInputs.Parameters;

    /// <summary>The plan with its types settled for one execution; the same plan when its types are its own.</summary>
    /// <exception cref="LsmException">DatatypeMismatch when a UNION brings together what does not fit.</exception>
    public static SelectPlan Settle(SelectPlan plan, EvaluationFrame frame)
    {
        if (!plan.Cores.Any(static core => core.Outputs.HasTypesFromParameters))
        {
            return plan;
        }

        var columns = plan.Columns.ToArray();
        for (var i = 0; i < columns.Length; i++)
        {
            var common = plan.Cores is [var only] ? TypeOf(only.Outputs.Expressions[i], frame).Type : CorePlan.Unite(plan.Cores, i, output => TypeOf(output, frame));
            columns[i] = columns[i].Type == common ? columns[i] : new ResultColumn(columns[i].Name, common, SqlTypes.NameOf(common));
        }

        var cores = plan.Cores.Count == 1 ? plan.Cores : [.. plan.Cores.Select(core => core.ConvertTo(columns))];
        return plan with { Cores = cores, Columns = columns };
    }

    private static BranchType TypeOf(BoundExpression output, EvaluationFrame frame)
    {
        if (!Decide(output))
        {
            return BranchType.Of(output);
        }

        output.Evaluate(frame, out var value);
        return new BranchType(value.Type, output is ParameterValue && value.Type == SqlType.Text);
    }
}
