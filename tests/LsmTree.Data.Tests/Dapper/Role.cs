namespace LsmTree.Data.Tests.Dapper;

public enum Role : short
{
    None = 0,
    Reader = 1,
    Writer = 2,
}
