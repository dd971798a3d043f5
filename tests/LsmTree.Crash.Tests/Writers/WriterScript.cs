using System.Globalization;
using System.Text;

namespace LsmTree.Crash.Tests.Writers;

/// <summary>What a writing process writes: transactions that their writer, round and number determine, so that whoever knows how far each writer came knows the store.</summary>
internal static class WriterScript
{
    private const int Keys = 300;
    private const int PutsEach = 5;
    private const int LongestValue = 400;
    private const int DeletedRange = 12;

    /// <summary>Every transaction of a writer says here which one it is.</summary>
    public static byte[] Progress(int writer) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"w{writer}-progress"));

    /// <summary>The edits of transaction <paramref name="number"/>, from 1, in their order. They touch only keys of their writer.</summary>
    public static IReadOnlyList<WriterEdit> Transaction(int writer, int round, int number)
    {
        var dice = new Dice(((ulong)writer << 56) | ((ulong)round << 32) | (uint)number);
        var edits = new List<WriterEdit> { new(Progress(writer), Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{round}:{number}"))) };
        if (dice.Once(11))
        {
            var from = dice.Below(Keys);
            edits.Add(new WriterEdit(Key(writer, from), null, Key(writer, from + DeletedRange)));
        }

        for (var i = 0; i < PutsEach; i++)
        {
            var value = new byte[dice.Below(LongestValue)];
            Array.Fill(value, (byte)dice.Next());
            edits.Add(new WriterEdit(Key(writer, dice.Below(Keys)), value));
        }

        if (dice.Once(3))
        {
            edits.Add(new WriterEdit(Key(writer, dice.Below(Keys)), null));
        }

        return edits;
    }

    /// <summary>How far the round has come, as the store says; 0 when it says it of an earlier round, or nothing.</summary>
    public static int Reached(byte[]? progress, int round)
    {
        var parts = progress is null ? [] : Encoding.ASCII.GetString(progress).Split(':');
        return parts.Length == 2 && int.Parse(parts[0], CultureInfo.InvariantCulture) == round ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
    }

    private static byte[] Key(int writer, int number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"w{writer}-key-{number:D5}"));
}
