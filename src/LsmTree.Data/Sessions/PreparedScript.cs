#pragma warning disable CS1591, CA1822, CA1065 // the surface is drawn before it is filled
namespace LsmTree.Data.Sessions;

/// <summary>A text, parsed and planned: immutable, shared by all connections of an engine.</summary>
internal sealed class PreparedScript
{
    public string Text => throw new NotImplementedException();

    /// <summary>Statements in the text; 0 for an empty or comment-only one.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>True when the statement gives rows (SELECT, RETURNING, SHOW, EXPLAIN).</summary>
    public bool GivesRows(int statement) => throw new NotImplementedException();
}
