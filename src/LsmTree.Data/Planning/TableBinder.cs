using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>Table names.</summary>
internal static class TableBinder
{
    public static TableSchema Find(Catalogue catalogue, TableName name)
    {
        if (catalogue.TryFind(name.Name, out var table))
        {
            return table;
        }

        var nearest = NearestName.Find(name.Name, catalogue.Tables.Select(static known => known.Name));
        throw new LsmException(
            LsmErrorCode.UndefinedTable,
            $"There is no table '{name.Name}'",
            name.At.Line,
            name.At.Column,
            nearest is null ? null : $"did you mean '{nearest}'?");
    }
}
