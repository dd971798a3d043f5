using LsmTree.Data.Schemas;
using LsmTree.Data.Values;

namespace LsmTree.Crash.Tests.Fuzzing.Decoders;

/// <summary>The catalogue's entries. A table that decodes must encode, and decode to the same again.</summary>
internal sealed class CatalogueTarget() : FuzzTarget("catalogue", 15_000)
{
    private static readonly byte[] s_marker = CatalogueFormat.EncodeMarker(300, 7);

    public override int Execute(ref Dice dice)
    {
        if (dice.Once(8))
        {
            CatalogueFormat.TryDecodeMarker(Mutation.Of(s_marker, ref dice), out _, out _, out _);
            CatalogueFormat.TryDecodeTableKey(Mutation.Of(CatalogueFormat.TableKey((uint)dice.Below(1000)), ref dice), out _);
            return 2;
        }

        var bytes = Mutation.Of(Draw(ref dice), ref dice);
        if (CatalogueFormat.TryDecodeTable(9, bytes, out var table))
        {
            var encoded = CatalogueFormat.EncodeTable(table);
            if (!CatalogueFormat.TryDecodeTable(9, encoded, out var again) || !CatalogueFormat.EncodeTable(again).AsSpan().SequenceEqual(encoded))
            {
                throw new FuzzException($"table {table.Name} changes when it is encoded and decoded");
            }
        }

        return 1;
    }

    private static byte[] Draw(ref Dice dice)
    {
        var columns = new ColumnSchema[1 + dice.Below(5)];
        var keys = 1 + dice.Below(columns.Length);
        for (var i = 0; i < columns.Length; i++)
        {
            var type = (SqlType)(1 + dice.Below((int)SqlType.Blob));
            var isDecimal = type == SqlType.Decimal && dice.Once(2);
            columns[i] = new ColumnSchema($"c{i}", i, type, i >= keys && dice.Once(2), i < keys ? i : -1, isDecimal ? 10 : 0, isDecimal ? 2 : 0);
        }

        return CatalogueFormat.EncodeTable(new TableSchema(9, "table", columns, columns[..keys]));
    }
}
