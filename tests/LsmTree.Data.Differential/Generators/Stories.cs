using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>A story is a list of statements that begins with an empty database. The generator remembers which tables there are, and the transaction.</summary>
internal sealed class Stories
{
    private static readonly string[] s_savepoints = ["s1", "s2", "s3"];

    private readonly Draw _draw;
    private readonly Subset _subset;
    private readonly Queries _queries;
    private readonly Changes _changes;
    private readonly Computations _computations;
    private readonly List<Statement> _story = [];
    private readonly List<(string Name, Table[] Tables)> _savepoints = []; // the first one is the beginning of the transaction, without a name
    private Table[] _tables = [];
    private int _tablesMade;

    private Stories(int seed, Subset subset)
    {
        _draw = new Draw(seed);
        _subset = subset;
        var values = new Values(_draw);
        var expressions = new Expressions(_draw, values, subset);
        _queries = new Queries(_draw, subset, expressions);
        _computations = new Computations(_draw, values);
        _changes = new Changes(_draw, subset, values, expressions);
    }

    private bool InTransaction => _savepoints.Count > 0;

    /// <summary>The story of a seed.</summary>
    /// <param name="seed">Where chance begins.</param>
    /// <param name="subset">What the other database understands.</param>
    /// <param name="length">About so many statements.</param>
    public static List<Statement> Tell(int seed, Subset subset, int length)
    {
        var stories = new Stories(seed, subset);
        stories.CreateTable();
        stories.CreateTable();
        while (stories._story.Count < length)
        {
            stories.AddNext();
        }

        stories.End();
        return stories._story;
    }

    private void AddNext()
    {
        var table = _draw.Of(_tables);
        switch (_draw.Between(0, 99))
        {
            case < 28:
                _story.Add(_changes.Insert(table));
                break;
            case < 40:
                _story.Add(_changes.Update(table));
                break;
            case < 46:
                _story.Add(_changes.Delete(table));
                break;
            case < 49:
                _story.Add(_changes.Mistaken(table));
                break;
            case < 60:
                AddTransactional();
                break;
            case < 62:
                AddDefinition(table);
                break;
            case 62 when !InTransaction:
                _story.Add(new Statement(Sql.Words(_draw.Of(["FLUSH", "COMPACT"])), []) { IsLsmOnly = true });
                break;
            case < 68 when _subset.HasCheckedArithmetic:
                _story.Add(_computations.Next());
                break;
            default:
                _story.Add(_queries.Next(_tables));
                break;
        }
    }

    private void AddDefinition(Table table)
    {
        switch (_draw.Between(0, 3))
        {
            case 0 when _tables.Length > 1:
                _story.Add(Statement.Of($"DROP TABLE {table.Name}"));
                _tables = [.. _tables.Where(other => other != table)];
                break;
            case 1:
                _story.Add(Changes.Truncate(table));
                break;
            default:
                CreateTable();
                break;
        }
    }

    private void CreateTable()
    {
        var columns = new List<Column>();
        var key = new List<Column>();
        for (var i = _draw.Of([1, 1, 2, 2, 3]); i > 0; i--)
        {
            key.Add(new Column($"k{key.Count}", _draw.Of(Kinds.All), IsNullable: false, IsKey: true));
        }

        foreach (var kind in Enumerable.Range(0, _draw.Between(0, 5)).Select(_ => _draw.Of(Kinds.All)))
        {
            columns.Add(new Column($"c{columns.Count}", kind, IsNullable: _draw.Percent(80), IsKey: false));
        }

        if (_draw.Percent(70))
        {
            columns.InsertRange(0, key);
        }
        else
        {
            columns.AddRange(key.AsEnumerable().Reverse()); // the key's order is its own, not that of the columns
        }

        var table = new Table($"t{_tablesMade++}", columns, key);
        _story.Add(new Statement(table.Declaration(), []));
        _tables = [.. _tables, table];
    }

    private void AddTransactional()
    {
        if (!InTransaction)
        {
            if (_subset.RefusesMisplacedTransactions && _draw.Percent(5))
            {
                Add(_draw.Of(["COMMIT", "ROLLBACK"]), TransactionEffect.Ends);
                return;
            }

            Add("BEGIN", TransactionEffect.Begins);
            _savepoints.Add(("", _tables));
            return;
        }

        switch (_draw.Between(0, 11))
        {
            case 0 or 1:
                Add("COMMIT", TransactionEffect.Ends);
                _savepoints.Clear();
                break;
            case 2:
                Add("ROLLBACK", TransactionEffect.Ends);
                _tables = _savepoints[0].Tables;
                _savepoints.Clear();
                break;
            case 3 when _subset.RefusesMisplacedTransactions:
                Add(_draw.Of(["BEGIN", "ROLLBACK TO nowhere", "RELEASE nowhere"]), TransactionEffect.Savepoint);
                break;
            case < 7 when _savepoints.Count > 1:
                RollBackOrRelease();
                break;
            default:
                var name = _draw.Of(s_savepoints);
                Add($"SAVEPOINT {name}", TransactionEffect.Savepoint);
                _savepoints.Add((name, _tables));
                break;
        }
    }

    /// <summary>A name that was given twice means the newer savepoint.</summary>
    private void RollBackOrRelease()
    {
        var name = _savepoints[_draw.Between(1, _savepoints.Count - 1)].Name;
        var place = _savepoints.FindLastIndex(savepoint => savepoint.Name == name);
        if (_draw.Percent(60))
        {
            Add($"ROLLBACK TO {(_draw.Percent(50) ? "SAVEPOINT " : "")}{name}", TransactionEffect.Savepoint);
            _tables = _savepoints[place].Tables;
            place++;
        }
        else
        {
            Add($"RELEASE {name}", TransactionEffect.Savepoint);
        }

        _savepoints.RemoveRange(place, _savepoints.Count - place);
    }

    private void Add(string text, TransactionEffect effect) => _story.Add(new Statement(Sql.Words(text), []) { Transaction = effect });

    /// <summary>Commits, and looks at everything.</summary>
    private void End()
    {
        if (InTransaction)
        {
            Add("COMMIT", TransactionEffect.Ends);
        }

        _story.AddRange(_tables.Select(Queries.Everything));
    }
}
