namespace LsmTree.Data.Tests.Dapper;

public sealed class User
{
    public int Id { get; set; }

    public string? Name { get; set; }

    public int? Age { get; set; }

    public Role Role { get; set; }
}
