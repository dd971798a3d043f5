using System.Runtime.CompilerServices;
using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Misc;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>What the generated parser is made of: a parser that stops when it enters a rule named refused…, or runs out of stack.</summary>
/// <remarks>The refused rules stand last in the grammar, so that one comparison recognises them.</remarks>
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

    /// <summary>Called for expressions and operands, which are what recurses.</summary>
    /// <remarks>
    /// <see cref="TokenCheck"/> has bounded the depth, so that a megabyte of stack is plenty. But the caller may have left less than that: then the answer
    /// is an error too, and not the end of the process.
    /// </remarks>
    public override void EnterRecursionRule(ParserRuleContext localctx, int state, int ruleIndex, int precedence)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new LsmException(LsmErrorCode.LimitExceeded, "the thread has too little stack left to parse an expression", hint: "split the expression, or use a thread with a larger stack");
        }

        base.EnterRecursionRule(localctx, state, ruleIndex, precedence);
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
