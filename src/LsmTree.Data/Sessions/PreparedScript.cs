using LsmTree.Data.Diagnostics;
using LsmTree.Data.Expressions;
using LsmTree.Data.Planning;
using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Sessions;

/// <summary>A text, parsed and planned against the tables of one moment: immutable, shared by all connections of an engine.</summary>
/// <remarks>
/// What follows a statement after which there may be other tables (CREATE, DROP, the end of a transaction) may be right for those and wrong for the
/// tables of now: then it is planned when it is executed.
/// </remarks>
internal sealed class PreparedScript
{
    private readonly Script _script;
    private readonly StatementPlan?[] _plans;
    private StatementSummary? _summary;

    private PreparedScript(string text, Script script, ParameterSlots slots, Catalogue catalogue)
    {
        Text = text;
        Slots = slots;
        Catalogue = catalogue;
        _script = script;
        _plans = Plan(catalogue);
    }

    public string Text { get; }

    /// <summary>Statements in the text; 0 for an empty or comment-only one.</summary>
    public int Count => _script.Statements.Count;

    /// <summary>The parameters that the text names.</summary>
    public ParameterSlots Slots { get; }

    /// <summary>The tables that the plans were made for.</summary>
    public Catalogue Catalogue { get; }

    /// <summary>What the text does, for those who watch; found out when the first of them asks.</summary>
    public StatementSummary Summary => _summary ??= StatementSummary.Of(Text, _script);

    public static PreparedScript Create(string text, Script script, Catalogue catalogue) =>
        new(text, script, new ParameterSlots(script.ParameterNames, script.PositionalCount), catalogue);

    /// <summary>The same text, planned for other tables.</summary>
    public PreparedScript For(Catalogue catalogue) => ReferenceEquals(catalogue, Catalogue) ? this : new PreparedScript(Text, _script, Slots, catalogue);

    /// <summary>True when the statement gives rows (SELECT, RETURNING, SHOW, EXPLAIN, VERIFY).</summary>
    public bool GivesRows(int statement) => _script.Statements[statement] switch
    {
        SelectStatement or ShowStatement or ExplainStatement or VerifyStatement => true,
        InsertStatement insert => insert.Returning.Count > 0,
        UpdateStatement update => update.Returning.Count > 0,
        DeleteStatement delete => delete.Returning.Count > 0,
        _ => false,
    };

    /// <summary>True when the statement commits or rolls back the whole transaction (COMMIT, END, ROLLBACK without a savepoint).</summary>
    public bool EndsTransaction(int statement) => _script.Statements[statement] is CommitStatement or RollbackStatement { Savepoint: null };

    /// <summary>The plan of a statement for the tables that there are now.</summary>
    public StatementPlan PlanOf(int statement, Catalogue catalogue) =>
        ReferenceEquals(catalogue, Catalogue) && _plans[statement] is { } plan
            ? plan
            : new StatementBinder(catalogue, Slots).Bind(_script.Statements[statement]);

    /// <summary>The text of a statement, as it was written.</summary>
    public string TextOf(int statement) => Text[_script.Extents[statement]];

    private StatementPlan?[] Plan(Catalogue catalogue)
    {
        var binder = new StatementBinder(catalogue, Slots);
        var plans = new StatementPlan?[Count];
        var mayMeetOthers = false;
        for (var i = 0; i < plans.Length; i++)
        {
            try
            {
                plans[i] = binder.Bind(_script.Statements[i]);
            }
            catch (LsmException) when (mayMeetOthers)
            {
                break;
            }
            catch (LsmException error)
            {
                error.Statement = TextOf(i);
                throw;
            }

            mayMeetOthers |= _script.Statements[i] is CreateTableStatement or DropTableStatement or CommitStatement or RollbackStatement;
        }

        return plans;
    }
}
