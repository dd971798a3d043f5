using LsmTree.Data.Differential.Databases;
using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Duels;

/// <summary>Counts what statements did, to show that the stories are worth telling: two databases easily agree about nothing.</summary>
internal sealed class Tally
{
    private int _statements;
    private int _errors;
    private int _changes;
    private int _changesOfRows;
    private int _queries;
    private int _queriesWithRows;

    public void Add(Statement statement, Outcome outcome)
    {
        _statements++;
        if (outcome.Error is not null)
        {
            _errors++;
        }
        else if (statement.Columns.Count > 0)
        {
            _queries++;
            _queriesWithRows += outcome.Rows.Any(static row => row.Replace("NULL", "", StringComparison.Ordinal).Trim(' ', '|').Length > 0) ? 1 : 0;
        }
        else if (statement.Counts)
        {
            _changes++;
            _changesOfRows += outcome.Count > 0 ? 1 : 0;
        }
    }

    /// <summary>Fails when too many statements found nothing, changed nothing or were mistakes.</summary>
    public void Check()
    {
        if (_statements < 1_000)
        {
            return; // a replay of one story proves nothing about the mixture
        }

        Assert.True(_queriesWithRows * 100 > _queries * 40, $"Too many queries found nothing: {this}");
        Assert.True(_changesOfRows * 100 > _changes * 40, $"Too many changes changed nothing: {this}");
        Assert.True(_errors * 100 < _statements * 30, $"Too many statements failed: {this}");
    }

    public override string ToString() =>
        $"{_statements} statements: {_queriesWithRows} of {_queries} queries found something, {_changesOfRows} of {_changes} changes changed rows, {_errors} failed alike";
}
