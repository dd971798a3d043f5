using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>Statements out of the parse tree of a whole text, in its order, so that <c>?</c> are numbered as they are read.</summary>
internal sealed class ScriptBuilder
{
    private readonly SourceText _source;
    private readonly ParameterNumbering _parameters;
    private readonly SelectBuilder _selects;
    private readonly ChangeBuilder _changes;
    private readonly TableBuilder _tables;

    public ScriptBuilder(SourceText source)
    {
        _source = source;
        _parameters = new ParameterNumbering(source);
        var expressions = new ExpressionBuilder(source, _parameters);
        _selects = new SelectBuilder(source, expressions);
        _changes = new ChangeBuilder(source, expressions, _selects);
        _tables = new TableBuilder(source);
    }

    public Script Build(LsmSqlParser.ScriptContext context)
    {
        var contexts = context.statement();
        var statements = Array.ConvertAll(contexts, Statement);
        return new Script(statements, Array.ConvertAll(contexts, SourceText.ExtentOf), _parameters.Names, _parameters.PositionalCount);
    }

    private Statement Statement(LsmSqlParser.StatementContext context)
    {
        var at = _source.PlaceOf(context);
        return context.GetChild(0) switch
        {
            LsmSqlParser.DataStatementContext data => DataStatement(data),
            LsmSqlParser.ExplainContext explain => new ExplainStatement(at, DataStatement(explain.dataStatement()), explain.ANALYZE() is not null),
            LsmSqlParser.CreateTableContext create => _tables.CreateTable(create),
            LsmSqlParser.DropTableContext drop => new DropTableStatement(at, Identifiers.Table(drop.tableName(), _source), drop.IF() is not null),
            LsmSqlParser.TruncateTableContext truncate => new TruncateTableStatement(at, Identifiers.Table(truncate.tableName(), _source)),
            LsmSqlParser.BeginContext => new BeginStatement(at),
            LsmSqlParser.CommitContext => new CommitStatement(at),
            LsmSqlParser.RollbackContext rollback => new RollbackStatement(at, rollback.identifier() is { } name ? Identifiers.Of(name, _source) : null),
            LsmSqlParser.SavepointContext savepoint => new SavepointStatement(at, Identifiers.Of(savepoint.identifier(), _source)),
            LsmSqlParser.ReleaseContext release => new ReleaseStatement(at, Identifiers.Of(release.identifier(), _source)),
            LsmSqlParser.ShowContext show => Show(show),
            LsmSqlParser.FlushContext => new FlushStatement(at),
            LsmSqlParser.CompactContext compact => new CompactStatement(at, compact.tableName() is { } table ? Identifiers.Table(table, _source) : null),
            LsmSqlParser.CheckpointContext checkpoint => new CheckpointStatement(at, Directory(checkpoint)),
            LsmSqlParser.VerifyContext => new VerifyStatement(at),
            var other => throw new InvalidOperationException($"The grammar has a statement that the builder does not know: {other.GetType().Name}."),
        };
    }

    private Statement DataStatement(LsmSqlParser.DataStatementContext context) => context.GetChild(0) switch
    {
        LsmSqlParser.QueryContext query => _selects.Build(query),
        LsmSqlParser.InsertContext insert => _changes.Insert(insert),
        LsmSqlParser.UpdateContext update => _changes.Update(update),
        LsmSqlParser.DeleteContext delete => _changes.Delete(delete),
        var other => throw new InvalidOperationException($"The grammar has a data statement that the builder does not know: {other.GetType().Name}."),
    };

    private ShowStatement Show(LsmSqlParser.ShowContext context)
    {
        var at = _source.PlaceOf(context);
        return ((Antlr4.Runtime.Tree.ITerminalNode)context.GetChild(1)).Symbol.Type switch
        {
            LsmSqlLexer.TABLES => new ShowStatement(at, ShowTopic.Tables),
            LsmSqlLexer.COLUMNS => new ShowStatement(at, ShowTopic.Columns, Identifiers.Table(context.tableName(), _source)),
            LsmSqlLexer.STATS => new ShowStatement(at, ShowTopic.Stats),
            LsmSqlLexer.LEVELS => new ShowStatement(at, ShowTopic.Levels),
            LsmSqlLexer.VERSION => new ShowStatement(at, ShowTopic.Version),
            var other => throw new InvalidOperationException($"The grammar shows something that the builder does not know: token {other}."),
        };
    }

    private Expression Directory(LsmSqlParser.CheckpointContext context) => context.parameter() is { } parameter
        ? _parameters.Add(parameter)
        : new LiteralExpression(
            _source.PlaceOf(context.STRING().Symbol),
            Values.SqlValue.FromText(Literals.Text(context.STRING().Symbol, _source)));
}
