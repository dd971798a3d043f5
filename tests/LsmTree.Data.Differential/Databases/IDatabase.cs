using LsmTree.Data.Differential.Statements;

namespace LsmTree.Data.Differential.Databases;

/// <summary>A database that starts empty.</summary>
internal interface IDatabase : IDisposable
{
    Dialect Dialect { get; }

    Outcome Execute(Statement statement);
}
