using Antlr4.Runtime;
using Antlr4.Runtime.Atn;
using Antlr4.Runtime.Dfa;
using LsmTree.Data.Parsing.Generated;

namespace LsmTree.Data.Parsing;

/// <summary>What all parsers of this process have learned about which tokens choose which alternative.</summary>
/// <remarks>
/// ANTLR keeps this in statics of the generated parser, for ever, and hostile or machine-made texts make it grow. Here it is a value with an end:
/// past <see cref="MaxStates"/> the next parser starts with an empty one, while those that run keep theirs. The lexer's cache needs no bound:
/// its rules do not recurse, so that its states are few.
/// </remarks>
internal sealed class PredictionCache
{
    /// <summary>Learned states, all decisions together: ten times what all forms of all statements teach, as most decisions need no learning.</summary>
    public const int MaxStates = 2_000;

    private static PredictionCache s_current = new();

    private readonly DFA[] _decisions;
    private readonly PredictionContextCache _contexts = new();

    private PredictionCache()
    {
        var atn = LsmSqlParser._ATN;
        _decisions = new DFA[atn.NumberOfDecisions];
        for (var i = 0; i < _decisions.Length; i++)
        {
            _decisions[i] = new DFA(atn.GetDecisionState(i), i);
        }
    }

    public static PredictionCache Current => Volatile.Read(ref s_current);

    /// <summary>States learned so far; a moment's count, as other threads learn on.</summary>
    public int States
    {
        get
        {
            var states = 0;
            foreach (var decision in _decisions)
            {
                states += decision.states.Count;
            }

            return states;
        }
    }

    public ParserATNSimulator SimulatorFor(Parser parser) => new(parser, LsmSqlParser._ATN, _decisions, _contexts);

    /// <summary>Gives later parsers an empty cache when this one, if it is still the current one, has learned more than it may.</summary>
    public void ReplaceWhenLargerThan(int states)
    {
        if (States > states)
        {
            Interlocked.CompareExchange(ref s_current, new PredictionCache(), this);
        }
    }
}
