using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Generators;

/// <summary>One operation on values at the edges of their types, of which many fail: out of range, divided by zero, no number.</summary>
/// <remarks>No result has more than 28 digits, where DECIMAL ends in LsmTree and not in PostgreSQL.</remarks>
internal sealed class Computations(Draw draw, Values values)
{
    private static readonly object[] s_smalls = [short.MaxValue, short.MinValue, (short)0, (short)1, (short)-1, (short)2];
    private static readonly object[] s_integers = [int.MaxValue, int.MinValue, 0, 1, -1, 2, 40_000, 1_000_000];
    private static readonly object[] s_bigs = [long.MaxValue, long.MinValue + 1, 0L, 1L, -1L, 5_000_000_000L];
    private static readonly object[] s_decimals = [0m, 0.5m, 1.5m, 2.5m, -0.5m, -1.5m, 32767.4m, 32767.5m, 2147483647.5m, 1e9m, -0.25m];
    private static readonly object[] s_doubles = [0.0, 0.5, 1.5, 2.5, -0.5, -1.5, 32767.5, 1e15, 1e19, -0.25];
    private static readonly object[] s_texts = ["0", "-7", " 12 ", "12x", "", "2147483648", "99999", "1e2", "1.5", "+5", "abc", "2024-02-30", "2024-02-29", "true", "maybe", "23:59:60", "1-2"];

    public Statement Next() => draw.Between(0, 5) switch
    {
        < 3 => Arithmetic(),
        3 => Cast(draw.Of([Kind.SmallInt, Kind.Integer, Kind.BigInt, Kind.Decimal, Kind.Double]), draw.Of(Kinds.Integers)),
        4 => Cast(Kind.Text, draw.Of([Kind.SmallInt, Kind.Integer, Kind.BigInt, Kind.Decimal, Kind.Boolean, Kind.Date])),
        _ => Unary(),
    };

    private Statement Arithmetic()
    {
        var (left, right) = (draw.Of(Kinds.Numbers), draw.Of(Kinds.Numbers));
        var operation = draw.Of(["+", "-", "*", "/", "%"]);
        if (operation == "%" && (left == Kind.Double || right == Kind.Double))
        {
            operation = "/"; // PostgreSQL has no remainder of floating-point numbers
        }

        // PostgreSQL gives quotients more digits than a .NET decimal holds: there they are read as doubles, of which twelve digits are compared.
        var computed = Sql.Of($"{Typed(left)} {operation} {Typed(right)}");
        var result = Wider(left, right);
        return new Statement(Sql.Of($"SELECT {(result == Kind.Decimal ? Sql.Spelt(computed, computed, Sql.Of($"CAST({computed} AS DOUBLE PRECISION)")) : computed)} AS x"), [result]);
    }

    private Statement Unary()
    {
        var kind = draw.Of(Kinds.Numbers);
        return new Statement(Sql.Of($"SELECT - {Typed(kind)} AS x"), [kind]);
    }

    private Statement Cast(Kind from, Kind to) => new(Sql.Of($"SELECT CAST({Typed(from)} AS {Sql.Type(to)}) AS x"), [to]);

    private Sql Typed(Kind kind) => Sql.Of($"CAST({values.Of(kind, draw.Of(Pool(kind)))} AS {Sql.Type(kind)})");

    private static object[] Pool(Kind kind) => kind switch
    {
        Kind.SmallInt => s_smalls,
        Kind.Integer => s_integers,
        Kind.BigInt => s_bigs,
        Kind.Decimal => s_decimals,
        Kind.Double => s_doubles,
        _ => s_texts,
    };

    private static Kind Wider(Kind left, Kind right) => left > right ? left : right;
}
