using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Syntax;

namespace LsmTree.Data.Parsing;

/// <summary>CREATE TABLE. Whether the columns make sense together is for the catalogue to say; here a clause must not contradict or repeat another.</summary>
internal sealed class TableBuilder
{
    private readonly SourceText _source;

    public TableBuilder(SourceText source) => _source = source;

    public CreateTableStatement CreateTable(LsmSqlParser.CreateTableContext context)
    {
        var columns = new List<ColumnDefinition>();
        IReadOnlyList<ColumnName> primaryKey = [];
        var hasPrimaryKey = false;
        foreach (var element in context.tableElement())
        {
            if (element.columnDefinition() is { } column)
            {
                var definition = Column(column);
                if (definition.PrimaryKey)
                {
                    CheckFirstPrimaryKey(hasPrimaryKey, element);
                    hasPrimaryKey = true;
                }

                columns.Add(definition);
            }
            else
            {
                CheckFirstPrimaryKey(hasPrimaryKey, element);
                hasPrimaryKey = true;
                primaryKey = Identifiers.Columns(element.primaryKey().columnNames(), _source);
            }
        }

        return new CreateTableStatement(_source.PlaceOf(context), Identifiers.Table(context.tableName(), _source), context.IF() is not null, columns, primaryKey);
    }

    private ColumnDefinition Column(LsmSqlParser.ColumnDefinitionContext context)
    {
        var notNull = false;
        var nullable = false;
        var primaryKey = false;
        foreach (var constraint in context.columnConstraint())
        {
            notNull |= constraint.NOT() is not null;
            nullable |= constraint.NULL() is not null && constraint.NOT() is null;
            primaryKey |= constraint.PRIMARY() is not null;
            if (nullable && (notNull || primaryKey))
            {
                throw _source.Error(LsmErrorCode.InvalidDefinition, "a column is NULL and NOT NULL at once", constraint.Start, "a key column is never NULL");
            }
        }

        var name = Identifiers.Of(context.identifier(), _source);
        return new ColumnDefinition(_source.PlaceOf(context), name, TypeNames.Of(context.typeName(), _source), notNull, primaryKey);
    }

    private void CheckFirstPrimaryKey(bool hasPrimaryKey, LsmSqlParser.TableElementContext element)
    {
        if (hasPrimaryKey)
        {
            throw _source.Error(LsmErrorCode.InvalidDefinition, "a second PRIMARY KEY", element.Start, "write PRIMARY KEY (a, b) for a key of several columns");
        }
    }
}
