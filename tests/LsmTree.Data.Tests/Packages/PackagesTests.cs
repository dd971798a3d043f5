using Dapper;

namespace LsmTree.Data.Tests.Packages;

/// <summary>The main job on real records: import, then every way to ask for them, then a reopen.</summary>
public sealed class PackagesTests(PackageStore store) : IClassFixture<PackageStore>
{
    [Fact]
    public void Every_record_is_counted_when_it_goes_in_and_when_it_is_there()
    {
        using var connection = store.Open();

        Assert.True(store.Packages.Count > 4000, $"The file has only {store.Packages.Count} records.");
        Assert.Equal(store.Packages.Count, store.Imported);
        Assert.Equal(store.Packages.Count, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM packages"));
    }

    [Fact]
    public void Every_record_is_found_by_its_key()
    {
        using var connection = store.Open();
        foreach (var expected in store.Packages)
        {
            Assert.Equal([expected], connection.Select("WHERE package = @key", new { key = expected.Name }));
        }
    }

    [Fact]
    public void A_key_that_no_record_has_finds_nothing()
    {
        using var connection = store.Open();
        foreach (var package in store.Packages.Take(500))
        {
            Assert.Empty(connection.Select("WHERE package = @key", new { key = package.Name + "\0" }));
        }
    }

    [Fact]
    public void A_range_of_keys_gives_its_records_in_key_order()
    {
        using var connection = store.Open();
        var expected = store.Packages.Where(static package =>
            PackageFile.InKeyOrder(package.Name, "libs") >= 0 && PackageFile.InKeyOrder(package.Name, "libt") <= 0).ToList();

        Assert.NotEmpty(expected);
        PackageQueries.AssertSame(expected, connection.Select("WHERE package BETWEEN 'libs' AND 'libt'"));
        PackageQueries.AssertSame(expected, connection.Select("WHERE package BETWEEN @from AND @to", new { from = "libs", to = "libt" }));
    }

    [Fact]
    public void A_range_is_read_backwards_as_well()
    {
        using var connection = store.Open();
        var expected = store.Packages.Reverse().SkipWhile(static package => PackageFile.InKeyOrder(package.Name, "m") >= 0).Take(100).ToList();

        PackageQueries.AssertSame(expected, connection.Select("WHERE package < 'm' ORDER BY package DESC LIMIT 100"));
    }

    [Fact]
    public void A_prefix_gives_its_records()
    {
        using var connection = store.Open();
        var expected = store.Packages.Where(static package => package.Name.StartsWith("lib", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(expected);
        PackageQueries.AssertSame(expected, connection.Select("WHERE package LIKE 'lib%'"));
        Assert.Equal(expected.Count, connection.ExecuteScalar<long>("SELECT COUNT(*) FROM packages WHERE package LIKE @pattern", new { pattern = "lib%" }));
    }

    [Fact]
    public void A_filter_on_other_columns_and_an_order_of_its_own_agree_with_the_file()
    {
        using var connection = store.Open();
        var expected = store.Packages.Where(static package => package.Section == "net" && package.SizeBytes > 100_000)
            .OrderByDescending(static package => package.SizeBytes).ThenBy(static package => package.Name, StringComparer.Ordinal).ToList();

        Assert.NotEmpty(expected);
        PackageQueries.AssertSame(expected, connection.Select("WHERE section = @section AND size_bytes > @least ORDER BY size_bytes DESC, package", new { section = "net", least = 100_000 }));
    }

    [Fact]
    public void Sums_and_extremes_agree_with_the_file()
    {
        using var connection = store.Open();

        Assert.Equal(store.Packages.Sum(static package => package.SizeBytes), connection.ExecuteScalar<long>("SELECT SUM(size_bytes) FROM packages"));
        Assert.Equal(store.Packages.Max(static package => package.InstalledKib), connection.ExecuteScalar<long>("SELECT MAX(installed_kib) FROM packages"));
        Assert.Equal(store.Packages[0].Name, connection.ExecuteScalar<string>("SELECT MIN(package) FROM packages"));
        Assert.Equal(store.Packages[^1].Name, connection.ExecuteScalar<string>("SELECT MAX(package) FROM packages"));
    }

    [Fact]
    public void A_list_of_keys_finds_exactly_these_records()
    {
        using var connection = store.Open();
        var expected = store.Packages.Where(static (_, i) => i % 97 == 0).ToList();

        PackageQueries.AssertSame(expected, connection.Select("WHERE package IN @keys ORDER BY package", new { keys = expected.Select(static package => package.Name).Reverse() }));
    }
}
