using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>INSERT, UPSERT, UPDATE and DELETE.</summary>
internal sealed class ChangeBuilder
{
    private readonly SourceText _source;
    private readonly ExpressionBuilder _expressions;
    private readonly SelectBuilder _selects;

    public ChangeBuilder(SourceText source, ExpressionBuilder expressions, SelectBuilder selects)
    {
        _source = source;
        _expressions = expressions;
        _selects = selects;
    }

    public InsertStatement Insert(LsmSqlParser.InsertContext context) => context switch
    {
        LsmSqlParser.StrictInsertContext strict => Insert(context, strict.target(), strict.values(), strict.conflict(), ConflictAction.Fail, strict.returning()),
        LsmSqlParser.BlindInsertContext blind => Insert(context, blind.target(), blind.values(), null, ConflictAction.Overwrite, blind.returning()),
        _ => throw new InvalidOperationException($"The grammar has an INSERT that the builder does not know: {context.GetType().Name}."),
    };

    public UpdateStatement Update(LsmSqlParser.UpdateContext context)
    {
        var table = Identifiers.Table(context.tableReference(), _source);
        var assignments = Assignments(context.assignments());
        var where = _expressions.BuildOptional(context.where());
        return new UpdateStatement(_source.PlaceOf(context), table, assignments, where, Returning(context.returning(), table));
    }

    public DeleteStatement Delete(LsmSqlParser.DeleteContext context)
    {
        var table = Identifiers.Table(context.tableReference(), _source);
        var where = _expressions.BuildOptional(context.where());
        return new DeleteStatement(_source.PlaceOf(context), table, where, Returning(context.returning(), table));
    }

    private InsertStatement Insert(
        LsmSqlParser.InsertContext context,
        LsmSqlParser.TargetContext target,
        LsmSqlParser.ValuesContext values,
        LsmSqlParser.ConflictContext? conflict,
        ConflictAction action,
        LsmSqlParser.ReturningContext? returning)
    {
        var table = Identifiers.Table(target.tableName(), _source, target.identifier() is { } alias ? Identifiers.Of(alias, _source) : null);
        var columns = Identifiers.Columns(target.columnNames(), _source);
        var rows = Rows(values);
        if (conflict is not null)
        {
            action = conflict.NOTHING() is null ? ConflictAction.DoUpdate : ConflictAction.DoNothing;
        }

        var conflictColumns = Identifiers.Columns(conflict?.columnNames(), _source);
        var assignments = conflict?.assignments() is { } set ? Assignments(set) : [];
        return new InsertStatement(_source.PlaceOf(context), table, columns, rows, action, conflictColumns, assignments, Returning(returning, table));
    }

    private IReadOnlyList<Expression>[] Rows(LsmSqlParser.ValuesContext context)
    {
        var contexts = context.row();
        var rows = new IReadOnlyList<Expression>[contexts.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = Array.ConvertAll(contexts[i].list().expression(), _expressions.Build);
            if (rows[i].Count != rows[0].Count)
            {
                throw _source.Error(LsmErrorCode.Syntax, $"this row has {rows[i].Count} values, the first has {rows[0].Count}", contexts[i].Start);
            }
        }

        return rows;
    }

    private IReadOnlyList<Assignment> Assignments(LsmSqlParser.AssignmentsContext context) =>
        [.. context.assignment().Select(assignment => new Assignment(
            _source.PlaceOf(assignment),
            Identifiers.Column(assignment.identifier(), _source),
            _expressions.Build(assignment.expression())))];

    private IReadOnlyList<SelectItem> Returning(LsmSqlParser.ReturningContext? context, TableName table) =>
        context is null ? [] : _selects.Items(context.selectList(), table);
}
