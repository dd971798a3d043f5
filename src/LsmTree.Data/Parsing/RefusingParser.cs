using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>What the generated parser is made of: a parser that stops when it enters a rule named refused….</summary>
/// <remarks>Those rules stand last in the grammar, so that one comparison recognises them.</remarks>
internal abstract class RefusingParser : Parser
{
    protected RefusingParser(ITokenStream input, TextWriter output, TextWriter errorOutput)
        : base(input, output, errorOutput)
    {
    }

    public static bool IsRefusal(int ruleIndex) => ruleIndex >= LsmSqlParser.RULE_refusedStatement;

    public void PredictWith(PredictionCache cache, PredictionMode mode)
    {
        Interpreter = cache.SimulatorFor(this);
        Interpreter.PredictionMode = mode;
    }

    public override void EnterRule(ParserRuleContext localctx, int state, int ruleIndex)
    {
        if (IsRefusal(ruleIndex))
        {
            throw ErrorHandler is ExplainingErrorStrategy explaining ? explaining.Refusal(this, ruleIndex) : new ParseCanceledException();
        }

        base.EnterRule(localctx, state, ruleIndex);
    }
}
