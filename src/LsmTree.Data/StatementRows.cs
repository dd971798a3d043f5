using LsmTree.Data.Sessions;

namespace LsmTree.Data;

/// <summary>What a statement has given, and which one it was: errors that show while its rows are read are told to be of it.</summary>
/// <param name="Result">What it has given.</param>
/// <param name="Script">The script.</param>
/// <param name="Statement">The statement in the script, from 0.</param>
internal readonly record struct StatementRows(StatementResult Result, PreparedScript Script, int Statement);
