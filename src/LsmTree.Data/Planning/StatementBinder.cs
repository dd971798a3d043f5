using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Planning;

/// <summary>From a statement as written, and the tables of a moment, to its plan.</summary>
internal sealed class StatementBinder(Catalogue catalogue, ParameterSlots slots)
{
    /// <exception cref="LsmException">Anything that is wrong with the statement before it meets data, with its place in the text.</exception>
    public StatementPlan Bind(Statement statement) => statement switch
    {
        SelectStatement select => new SelectBinder(catalogue, slots).Bind(select),
        InsertStatement insert => new WriteBinder(catalogue, slots).Bind(insert),
        UpdateStatement update => new WriteBinder(catalogue, slots).Bind(update),
        DeleteStatement delete => new WriteBinder(catalogue, slots).Bind(delete),
        CreateTableStatement create => DefinitionBinder.Bind(create),
        DropTableStatement drop => new DropTablePlan(drop.IfExists ? drop.Table.Name : TableBinder.Find(catalogue, drop.Table).Name, drop.IfExists),
        TruncateTableStatement truncate => new TruncatePlan(TableBinder.Find(catalogue, truncate.Table)),
        BeginStatement => new TransactionPlan(TransactionVerb.Begin, null),
        CommitStatement => new TransactionPlan(TransactionVerb.Commit, null),
        RollbackStatement { Savepoint: { } savepoint } => new TransactionPlan(TransactionVerb.RollbackTo, savepoint),
        RollbackStatement => new TransactionPlan(TransactionVerb.Rollback, null),
        SavepointStatement save => new TransactionPlan(TransactionVerb.Save, save.Name),
        ReleaseStatement release => new TransactionPlan(TransactionVerb.Release, release.Name),
        ExplainStatement explain => BindExplain(explain),
        ShowStatement show => new ShowPlan(show.Topic, show.Table is null ? null : TableBinder.Find(catalogue, show.Table), ShowColumns.Of(show.Topic)),
        FlushStatement => new FlushPlan(),
        CompactStatement compact => new CompactPlan(compact.Table is null ? null : TableBinder.Find(catalogue, compact.Table)),
        CheckpointStatement checkpoint => new CheckpointPlan(new ExpressionBinder(new BindingScope { Clause = "CHECKPOINT TO" }, slots).Bind(checkpoint.Directory)),
        VerifyStatement => new VerifyPlan(ShowColumns.Verify),
        _ => throw new InvalidOperationException($"{statement.GetType().Name} has no plan."),
    };

    private ExplainPlan BindExplain(ExplainStatement explain)
    {
        var plan = Bind(explain.Explained);
        return new ExplainPlan(plan, PlanText.Describe(plan), explain.Analyze);
    }
}
