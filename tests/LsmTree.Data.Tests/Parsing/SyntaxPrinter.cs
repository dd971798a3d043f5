using System.Globalization;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Tests.Parsing;

/// <summary>Syntax as text of the dialect, with a parenthesis around every operator: the golden form of the tests, and again parseable.</summary>
internal static class SyntaxPrinter
{
    public static string Print(Script script) => string.Join("; ", script.Statements.Select(Print));

    public static string Print(Statement statement) => statement switch
    {
        SelectStatement select => Select(select),
        InsertStatement insert => Insert(insert),
        UpdateStatement update => $"UPDATE {Table(update.Table)} SET {Assignments(update.Assignments)}{Where(update.Where)}{Returning(update.Returning)}",
        DeleteStatement delete => $"DELETE FROM {Table(delete.Table)}{Where(delete.Where)}{Returning(delete.Returning)}",
        CreateTableStatement create => Create(create),
        DropTableStatement drop => $"DROP TABLE {(drop.IfExists ? "IF EXISTS " : "")}{Table(drop.Table)}",
        TruncateTableStatement truncate => $"TRUNCATE TABLE {Table(truncate.Table)}",
        BeginStatement => "BEGIN",
        CommitStatement => "COMMIT",
        RollbackStatement { Savepoint: null } => "ROLLBACK",
        RollbackStatement rollback => $"ROLLBACK TO SAVEPOINT {Name(rollback.Savepoint)}",
        SavepointStatement savepoint => $"SAVEPOINT {Name(savepoint.Name)}",
        ReleaseStatement release => $"RELEASE SAVEPOINT {Name(release.Name)}",
        ExplainStatement explain => $"EXPLAIN {(explain.Analyze ? "ANALYZE " : "")}{Print(explain.Explained)}",
        ShowStatement { Topic: ShowTopic.Columns } show => $"SHOW COLUMNS FROM {Table(show.Table!)}",
        ShowStatement show => $"SHOW {show.Topic.ToString().ToUpperInvariant()}",
        FlushStatement => "FLUSH",
        CompactStatement { Table: null } => "COMPACT",
        CompactStatement compact => $"COMPACT {Table(compact.Table)}",
        CheckpointStatement checkpoint => $"CHECKPOINT TO {Print(checkpoint.Directory)}",
        VerifyStatement => "VERIFY",
        _ => throw new NotSupportedException(statement.GetType().Name),
    };

    public static string Print(Expression expression) => expression switch
    {
        LiteralExpression literal => Literal(literal.Value),
        ParameterExpression { Name: { } name } => "@" + name,
        ParameterExpression parameter => "?" + (parameter.Position + 1).ToString(CultureInfo.InvariantCulture),
        ColumnExpression column => (column.Excluded ? "EXCLUDED." : column.Table is null ? "" : Name(column.Table) + ".") + Name(column.Name),
        UnaryExpression { Operator: UnaryOperator.Not } unary => $"(NOT {Print(unary.Operand)})",
        UnaryExpression { Operator: UnaryOperator.Negate } unary => $"(- {Print(unary.Operand)})",
        UnaryExpression unary => $"(+ {Print(unary.Operand)})",
        BinaryExpression binary => $"({Print(binary.Left)} {Operator(binary.Operator)} {Print(binary.Right)})",
        RowExpression row => $"({List(row.Items)})",
        IsNullExpression isNull => $"({Print(isNull.Operand)} IS {Not(isNull.Negated)}NULL)",
        BetweenExpression between => $"({Print(between.Operand)} {Not(between.Negated)}BETWEEN {Print(between.Low)} AND {Print(between.High)})",
        InExpression { Items.Count: 0 } @in => $"({Print(@in.Operand)} {Not(@in.Negated)}IN (SELECT NULL WHERE 1 = 0))",
        InExpression @in => $"({Print(@in.Operand)} {Not(@in.Negated)}IN ({List(@in.Items)}))",
        LikeExpression like => $"({Print(like.Operand)} {Not(like.Negated)}LIKE {Print(like.Pattern)}{(like.Escape is null ? "" : $" ESCAPE {Print(like.Escape)}")})",
        CaseExpression @case => Case(@case),
        CastExpression cast => $"CAST({Print(cast.Operand)} AS {Type(cast.Type)})",
        FunctionExpression function => $"{Name(function.Name)}({(function.Star ? "*" : List(function.Arguments))})",
        _ => throw new NotSupportedException(expression.GetType().Name),
    };

    private static string Select(SelectStatement select)
    {
        var text = Core(select.Cores[0]);
        for (var i = 1; i < select.Cores.Count; i++)
        {
            text += (select.UnionAll[i - 1] ? " UNION ALL " : " UNION ") + Core(select.Cores[i]);
        }

        if (select.OrderBy.Count > 0)
        {
            text += " ORDER BY " + string.Join(", ", select.OrderBy.Select(item => Print(item.Expression) + (item.Descending ? " DESC" : "")));
        }

        return text + (select.Limit is null ? "" : $" LIMIT {Print(select.Limit)}") + (select.Offset is null ? "" : $" OFFSET {Print(select.Offset)}");
    }

    private static string Core(SelectCore core) => $"SELECT {Items(core.Items)}{(core.Table is null ? "" : $" FROM {Table(core.Table)}")}{Where(core.Where)}";

    private static string Insert(InsertStatement insert)
    {
        var verb = insert.Conflict == ConflictAction.Overwrite ? "UPSERT" : "INSERT";
        var columns = insert.Columns.Count == 0 ? "" : $" ({Names(insert.Columns)})";
        var rows = string.Join(", ", insert.Rows.Select(row => $"({List(row)})"));
        var target = insert.ConflictColumns.Count == 0 ? "" : $" ({Names(insert.ConflictColumns)})";
        var conflict = insert.Conflict switch
        {
            ConflictAction.DoNothing => $" ON CONFLICT{target} DO NOTHING",
            ConflictAction.DoUpdate => $" ON CONFLICT{target} DO UPDATE SET {Assignments(insert.ConflictAssignments)}",
            _ => "",
        };
        return $"{verb} INTO {Table(insert.Table)}{columns} VALUES {rows}{conflict}{Returning(insert.Returning)}";
    }

    private static string Create(CreateTableStatement create)
    {
        var elements = create.Columns.Select(column => $"{Name(column.Name)} {Type(column.Type)}{(column.NotNull ? " NOT NULL" : "")}{(column.PrimaryKey ? " PRIMARY KEY" : "")}").ToList();
        if (create.PrimaryKey.Count > 0)
        {
            elements.Add($"PRIMARY KEY ({Names(create.PrimaryKey)})");
        }

        return $"CREATE TABLE {(create.IfNotExists ? "IF NOT EXISTS " : "")}{Table(create.Table)} ({string.Join(", ", elements)})";
    }

    private static string Case(CaseExpression @case) =>
        $"CASE {(@case.Operand is null ? "" : Print(@case.Operand) + " ")}"
        + string.Concat(@case.Whens.Select(when => $"WHEN {Print(when.When)} THEN {Print(when.Then)} "))
        + (@case.Else is null ? "" : $"ELSE {Print(@case.Else)} ") + "END";

    private static string Type(TypeName type) =>
        SqlTypes.NameOf(type.Type) + (type.Precision > 0 ? $"({type.Precision}, {type.Scale})" : type.Length > 0 ? $"({type.Length})" : "");

    private static string Items(IReadOnlyList<SelectItem> items) =>
        string.Join(", ", items.Select(item => item.Expression is null ? "*" : Print(item.Expression) + (item.Alias is null ? "" : $" AS {Name(item.Alias)}")));

    private static string Table(TableName table) => Name(table.Name) + (table.Alias is null ? "" : $" AS {Name(table.Alias)}");

    private static string Where(Expression? where) => where is null ? "" : $" WHERE {Print(where)}";

    private static string Returning(IReadOnlyList<SelectItem> items) => items.Count == 0 ? "" : $" RETURNING {Items(items)}";

    private static string Assignments(IReadOnlyList<Assignment> assignments) => string.Join(", ", assignments.Select(assignment => $"{Name(assignment.Column.Name)} = {Print(assignment.Value)}"));

    private static string Names(IReadOnlyList<ColumnName> columns) => string.Join(", ", columns.Select(column => Name(column.Name)));

    private static string List(IReadOnlyList<Expression> items) => string.Join(", ", items.Select(Print));

    private static string Not(bool negated) => negated ? "NOT " : "";

    private static string Operator(BinaryOperator @operator) => @operator switch
    {
        BinaryOperator.Or => "OR",
        BinaryOperator.And => "AND",
        BinaryOperator.Equal => "=",
        BinaryOperator.NotEqual => "<>",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Concatenate => "||",
        _ => throw new NotSupportedException(@operator.ToString()),
    };

    private static string Name(string name) => IsPlain(name) ? name : '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    private static bool IsPlain(string name) =>
        name.All(static character => char.IsAsciiLetterOrDigit(character) || character == '_')
        && !char.IsAsciiDigit(name[0])
        && new LsmSqlLexer(new LsmTree.Data.Parsing.CharacterStream(name)).NextToken().Type == LsmSqlLexer.IDENTIFIER;

    private static string Literal(SqlValue value) => value.Type switch
    {
        SqlType.Null => "NULL",
        SqlType.Boolean => value.AsBoolean() ? "TRUE" : "FALSE",
        SqlType.Int32 or SqlType.Int64 => value.AsInt64().ToString(CultureInfo.InvariantCulture),
        SqlType.Decimal => Decimal(value.AsDecimal()),
        SqlType.Double => value.AsDouble().ToString("E16", CultureInfo.InvariantCulture),
        SqlType.Text => "'" + value.AsString().Replace("'", "''", StringComparison.Ordinal) + "'",
        SqlType.Blob => "X'" + Convert.ToHexStringLower(value.AsSpan()) + "'",
        SqlType.Date => $"DATE '{value.AsDate():yyyy-MM-dd}'",
        SqlType.Time => $"TIME '{new TimeOnly(value.AsTimeTicks()):HH:mm:ss.fffffff}'",
        SqlType.Timestamp => $"TIMESTAMP '{value.AsTimestamp():yyyy-MM-dd HH:mm:ss.fffffff}'",
        SqlType.TimestampTz => $"TIMESTAMPTZ '{value.AsTimestampTz():yyyy-MM-dd HH:mm:ss.fffffffzzz}'",
        SqlType.Uuid => $"UUID '{value.AsUuid()}'",
        _ => throw new NotSupportedException(value.Type.ToString()),
    };

    private static string Decimal(decimal number)
    {
        var text = number.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".";
    }
}
