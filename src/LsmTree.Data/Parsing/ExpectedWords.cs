using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using LsmTree.Data.Parsing.Generated;
using LsmTree.Data.Values;

namespace LsmTree.Data.Parsing;

/// <summary>What could have stood in the place of a wrong token, in at most five of the user's words.</summary>
/// <remarks>
/// ANTLR tells what the last rule wanted; a reader wants to know everything that could have gone on from here. So every choice that the parser
/// passes on its way to the wrong token is remembered, and the words of all of them are gathered by a walk over the grammar's graph. The walk
/// does not enter names, types and expressions, which are one word each, nor what is refused.
/// </remarks>
internal sealed class ExpectedWords
{
    private const int MostWords = 5;

    private readonly List<(int State, RuleContext Context)> _places = [];
    private readonly SortedSet<(int Rank, string Word)> _words = [];
    private readonly HashSet<ATNState> _walked = [];
    private int _index = -1;

    /// <summary>Remembers a choice in front of the current token, and forgets those in front of earlier ones.</summary>
    public void Visit(Parser parser)
    {
        if (parser.InputStream.Index != _index)
        {
            _index = parser.InputStream.Index;
            _places.Clear();
        }

        _places.Add((parser.State, parser.Context));
    }

    /// <summary>The hint of the error.</summary>
    public string Describe(Parser parser, RecognitionException error)
    {
        if (error.OffendingToken.TokenIndex == parser.InputStream.Index)
        {
            Visit(parser);
            foreach (var (state, context) in _places)
            {
                WalkUp(parser.Atn.states[state], context);
            }
        }
        else if (error is NoViableAltException { DeadEndConfigs: { } configurations })
        {
            // Prediction had read on and found the error further ahead: only it knows what it wanted there.
            foreach (var configuration in configurations.configs)
            {
                WalkUp(configuration.state, configuration.context, parser.Context);
            }
        }

        return Phrase(error.OffendingToken);
    }

    private string Phrase(IToken offending)
    {
        // Where any expression or any operator could follow, naming what they begin with would leave no room for the words that matter.
        var hasExpression = _words.Any(static word => word.Word == ExpectedWord.Expression);
        var hasOperators = _words.Any(static word => word.Word == "AND") && _words.Any(static word => word.Word == "OR");
        foreach (var key in _words.ToArray())
        {
            if ((hasExpression && ExpectedWord.BeginsExpression(key.Word)) || (hasOperators && ExpectedWord.IsPredicateOperator(key.Word)))
            {
                _words.Remove(key);
            }
        }

        var words = _words.Select(static key => key.Word).ToArray();
        var shown = words.Take(MostWords).ToArray();
        var list = shown switch
        {
            [] => "the end of the statement",
            [var only] => only,
            _ when words.Length > MostWords => string.Join(", ", shown) + ", …",
            _ => string.Join(", ", shown[..^1]) + " or " + shown[^1],
        };
        var meant = offending.Type == LsmSqlLexer.IDENTIFIER ? NearestName.Find(offending.Text, words.Where(static word => char.IsAsciiLetterUpper(word[0]))) : null;
        return meant is null ? $"expected {list}" : $"expected {list}; did you mean {meant}?";
    }

    private void WalkUp(ATNState state, RuleContext? context)
    {
        while (Walk(state) && context is { invokingState: >= 0 })
        {
            state = Follow(context.invokingState);
            context = context.Parent;
        }
    }

    private void WalkUp(ATNState state, PredictionContext? context, RuleContext outer)
    {
        if (!Walk(state) || context is null)
        {
            return;
        }

        for (var i = 0; i < context.Size; i++)
        {
            if (context.GetReturnState(i) == PredictionContext.EMPTY_RETURN_STATE)
            {
                WalkUp(state.atn.ruleToStopState[state.ruleIndex], outer);
            }
            else
            {
                WalkUp(state.atn.states[context.GetReturnState(i)], context.GetParent(i), outer);
            }
        }
    }

    /// <summary>Gathers the words that can come next; true when the rule can also end here.</summary>
    private bool Walk(ATNState state)
    {
        _walked.Clear();
        return WalkInRule(state);
    }

    /// <remarks>That a name could go on with a point, arguments or a string is true and helps nobody: those are passed over.</remarks>
    private bool WalkInRule(ATNState state)
    {
        if (state is RuleStopState)
        {
            return true;
        }

        if (RefusingParser.IsRefusal(state.ruleIndex) || !_walked.Add(state))
        {
            return false;
        }

        var canEnd = false;
        foreach (var transition in state.TransitionsArray)
        {
            canEnd |= transition switch
            {
                RuleTransition rule => WalkRule(rule),
                AtomTransition or SetTransition or RangeTransition => AddWords(transition, state.ruleIndex),
                _ => WalkInRule(transition.target),
            };
        }

        return canEnd;
    }

    private bool WalkRule(RuleTransition rule)
    {
        if (RefusingParser.IsRefusal(rule.ruleIndex) || rule.ruleIndex == LsmSqlParser.RULE_arguments)
        {
            return false;
        }

        if (ExpectedWord.OfRule(rule.ruleIndex) is { } word)
        {
            _words.Add(word);
            return false;
        }

        return WalkInRule(rule.target) && WalkInRule(rule.followState);
    }

    private bool AddWords(Transition transition, int ruleIndex)
    {
        if (ruleIndex != LsmSqlParser.RULE_named)
        {
            foreach (var type in transition.Label.ToList())
            {
                _words.Add(ExpectedWord.OfToken(type, ruleIndex));
            }
        }

        return false;
    }

    private static ATNState Follow(int invokingState) => ((RuleTransition)LsmSqlParser._ATN.states[invokingState].Transition(0)).followState;
}
