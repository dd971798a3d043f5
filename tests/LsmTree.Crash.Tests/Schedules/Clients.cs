using System.Globalization;
using LsmTree.Storage;

namespace LsmTree.Crash.Tests.Schedules;

/// <summary>What clients do, as walks that stop after each operation, so that a schedule can let others go on in between.</summary>
internal static class Clients
{
    public const int Accounts = 8;
    public const int Pairs = 2;
    public const int Lists = 3;
    public const long Deposit = 1_000;

    public static string Account(int number) => string.Create(CultureInfo.InvariantCulture, $"bank/{number:D2}");

    public static string Half(int pair, int half) => string.Create(CultureInfo.InvariantCulture, $"pair/{pair}/{half}");

    /// <summary>Moves money between two accounts; the sum of all stays.</summary>
    public static IEnumerable<bool?> Transfer(LsmStore store, CommittedState state, Dice dice)
    {
        using var transaction = Begin(store, state, ref dice);
        var from = dice.Below(Accounts);
        var to = (from + 1 + dice.Below(Accounts - 1)) % Accounts;
        var amount = dice.Below(100);
        var source = Number(transaction.Read(Account(from)));
        yield return null;
        var target = Number(transaction.Read(Account(to)));
        yield return null;
        transaction.Write(Account(from), Text(source - amount));
        yield return null;
        transaction.Write(Account(to), Text(target + amount));
        yield return null;
        yield return transaction.TryCommit();
    }

    /// <summary>Appends a name of its own to a list: a lost update would lose it.</summary>
    public static IEnumerable<bool?> Append(LsmStore store, CommittedState state, Dice dice)
    {
        using var transaction = Begin(store, state, ref dice);
        var key = string.Create(CultureInfo.InvariantCulture, $"list/{dice.Below(Lists)}");
        var list = transaction.Read(key);
        yield return null;
        transaction.Write(key, string.Create(CultureInfo.InvariantCulture, $"{list}{dice.Below(100_000)},"));
        yield return null;
        transaction.Read(key);
        yield return null;
        yield return transaction.TryCommit();
    }

    /// <summary>Adds up all accounts, row by row, and notes the sum.</summary>
    public static IEnumerable<bool?> Audit(LsmStore store, CommittedState state, Dice dice)
    {
        using var transaction = Begin(store, state, ref dice);
        var sum = 0L;
        foreach (var (_, value) in transaction.Scan("bank/"))
        {
            sum += Number(value);
            yield return null;
        }

        if (sum != Accounts * Deposit)
        {
            throw new ScheduleException($"an audit finds {sum}");
        }

        transaction.Write("audit", Text(sum));
        yield return null;
        yield return transaction.TryCommit();
    }

    /// <summary>Takes from one half what both halves together can give: write skew would take it twice, so this one is always serializable.</summary>
    public static IEnumerable<bool?> Withdraw(LsmStore store, CommittedState state, Dice dice)
    {
        using var transaction = new ClientTransaction(store, state, TransactionIsolation.Serializable);
        var pair = dice.Below(Pairs);
        var first = Number(transaction.Read(Half(pair, 0)));
        yield return null;
        var second = Number(transaction.Read(Half(pair, 1)));
        yield return null;
        var half = dice.Below(2);
        var amount = 1 + dice.Below((int)Deposit);
        if (first + second < amount)
        {
            yield break;
        }

        transaction.Write(Half(pair, half), Text((half == 0 ? first : second) - amount));
        yield return null;
        yield return transaction.TryCommit();
    }

    public static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text.TrimEnd(), CultureInfo.InvariantCulture);

    /// <summary>The number, in a row that is large enough for tables to be worth merging.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture).PadRight(200);

    private static ClientTransaction Begin(LsmStore store, CommittedState state, ref Dice dice) =>
        new(store, state, dice.Once(2) ? TransactionIsolation.Serializable : TransactionIsolation.Snapshot);
}
