using Dapper;

namespace LsmTree.Data.Tests.Packages;

/// <summary>Changes to real records, and what is left of them after a reopen.</summary>
public sealed class PackageChangesTests : IDisposable
{
    private readonly PackageStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_reopened_store_has_every_record_as_the_file_has_it()
    {
        object engine;
        using (var connection = _store.Open())
        {
            engine = connection.Store;
        }

        _store.CloseEngine();

        using var reopened = _store.Open();
        Assert.NotSame(engine, reopened.Store);
        PackageQueries.AssertSame(_store.Packages, reopened.Select(""));
        PackageQueries.AssertSame(_store.Packages, reopened.Select("ORDER BY package"));
        Assert.Empty(reopened.Query("VERIFY"));
    }

    [Fact]
    public void Updates_and_deletes_change_what_they_name_and_last()
    {
        var expected = _store.Packages
            .Where(static package => !IsDeleted(package))
            .Select(static package => package.Section == "net" ? package with { Section = "network", SizeBytes = package.SizeBytes + 1 } : package)
            .ToList();
        var updated = _store.Packages.Count(static package => package.Section == "net");
        var deletedByRange = _store.Packages.Count(static package => package.Name.StartsWith("librust-", StringComparison.Ordinal));
        var deletedByKey = expected[^1];
        expected.RemoveAt(expected.Count - 1);
        using (var connection = _store.Open())
        {
            Assert.Equal(updated, connection.Execute("UPDATE packages SET section = @section, size_bytes = size_bytes + 1 WHERE section = 'net'", new { section = "network" }));
            Assert.Equal(deletedByRange, connection.Execute("DELETE FROM packages WHERE package LIKE 'librust-%'"));
            Assert.Equal(1, connection.Execute("DELETE FROM packages WHERE package = @Name", deletedByKey));
            Assert.Equal(0, connection.Execute("DELETE FROM packages WHERE package = @Name", deletedByKey));
            PackageQueries.AssertSame(expected, connection.Select(""));
        }

        _store.CloseEngine();

        using var reopened = _store.Open();
        PackageQueries.AssertSame(expected, reopened.Select(""));
        Assert.Equal(expected.Count, reopened.ExecuteScalar<long>("SELECT COUNT(*) FROM packages"));
        reopened.Execute("COMPACT packages");
        PackageQueries.AssertSame(expected, reopened.Select(""));
    }

    [Fact]
    public void A_transaction_that_is_rolled_back_leaves_the_records_as_they_were()
    {
        using var connection = _store.Open();
        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute("DELETE FROM packages WHERE package < 'm'", transaction: transaction);
            connection.Execute("UPDATE packages SET version = ''", transaction: transaction);
            transaction.Rollback();
        }

        PackageQueries.AssertSame(_store.Packages, connection.Select(""));
    }

    private static bool IsDeleted(Package package) => package.Name.StartsWith("librust-", StringComparison.Ordinal);
}
