using LsmTree.Data;
using LsmTree.Data.Parsing;

namespace LsmTree.Crash.Tests.Fuzzing.Statements;

/// <summary>Texts that are parsed: statements, or an error that says where.</summary>
internal sealed class ParserTarget() : FuzzTarget("parser", 400)
{
    public override long MostBytes => 16 << 20;

    public override int Execute(ref Dice dice)
    {
        var text = Vocabulary.Draw(ref dice);
        try
        {
            SqlParser.Parse(text);
        }
        catch (LsmException error)
        {
            if (error.Line < 1 || error.Column < 1 || error.Message.Length == 0)
            {
                throw new FuzzException($"an error without a place: {error.Message}");
            }
        }

        return 1;
    }
}
