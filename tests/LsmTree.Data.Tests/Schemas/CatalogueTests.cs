using LsmTree.Data.Schemas;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Tests.Schemas;

public sealed class CatalogueTests
{
    [Fact]
    public void An_empty_store_gets_the_first_table_and_keeps_it()
    {
        using var store = LsmStore.OpenInMemory();
        foreach (var catalogue in new[] { Catalogue.Open(store), Catalogue.Open(store) })
        {
            Assert.False(catalogue.IsRaw);
            Assert.Equal(1, catalogue.Epoch);
            var table = Assert.Single(catalogue.Tables);
            Assert.Equal(1u, table.Id);
            Assert.Equal("kv", table.Name);
            Assert.Equal([("k", SqlType.Any, false), ("v", SqlType.Any, true)], table.Columns.Select(static column => (column.Name, column.Type, column.Nullable)));
            Assert.Equal(["k"], table.KeyColumns.Select(static column => column.Name));
        }

        Assert.True(store.Contains(CatalogueFormat.MarkerKey));
    }

    [Fact]
    public void Names_are_found_in_any_case()
    {
        using var store = LsmStore.OpenInMemory();
        var catalogue = Catalogue.Open(store);
        Assert.True(catalogue.TryFind("KV", out var table));
        Assert.Equal("kv", table.Name);
        Assert.True(table.TryFindColumn("V", out var column));
        Assert.Equal(1, column.Ordinal);
        Assert.False(catalogue.TryFind("kw", out _));
        Assert.False(table.TryFindColumn("w", out _));
    }

    [Fact]
    public void A_created_table_is_there_for_its_transaction_and_after_commit_for_all()
    {
        using var store = LsmStore.OpenInMemory();
        var before = Catalogue.Open(store);
        using var transaction = store.BeginTransaction();
        var after = before.CreateTable(transaction, Definition("Orders"), out var created);
        Assert.Equal(2u, created.Id);
        Assert.Equal(2u, created.Shape.TableId);
        Assert.True(after.TryFind("orders", out _));
        Assert.True(after.Epoch > before.Epoch);
        Assert.True(Catalogue.Load(transaction).TryFind("orders", out _));
        Assert.False(Catalogue.Open(store).TryFind("orders", out _));
        transaction.Commit();
        var reopened = Catalogue.Open(store);
        Assert.Equal(after.Epoch, reopened.Epoch);
        Assert.True(reopened.TryFind("ORDERS", out var found));
        Assert.Equal("Orders", found.Name);
        Assert.Equal(created.Columns, found.Columns);
    }

    [Fact]
    public void A_name_is_taken_in_any_case()
    {
        using var store = LsmStore.OpenInMemory();
        using var transaction = store.BeginTransaction();
        var error = Assert.Throws<LsmException>(() => Catalogue.Open(store).CreateTable(transaction, Definition("KV"), out _));
        Assert.Equal("42P07", error.SqlState);
    }

    [Fact]
    public void A_dropped_table_is_gone_with_its_rows_and_its_number_is_not_given_again()
    {
        using var store = LsmStore.OpenInMemory();
        var catalogue = Catalogue.Open(store);
        TableSchema dropped;
        using (var transaction = store.BeginTransaction())
        {
            catalogue = catalogue.CreateTable(transaction, Definition("a"), out dropped);
            catalogue = catalogue.CreateTable(transaction, Definition("b"), out _);
            transaction.Put([0, 0, 0, 2, 9], [1]);
            transaction.Put([0, 0, 0, 3, 9], [1]);
            transaction.Commit();
        }

        using (var transaction = store.BeginTransaction())
        {
            catalogue = catalogue.DropTable(transaction, dropped);
            transaction.Commit();
        }

        Assert.False(store.Contains([0, 0, 0, 2, 9]));
        Assert.True(store.Contains([0, 0, 0, 3, 9]));
        var reopened = Catalogue.Open(store);
        Assert.Equal(["kv", "b"], reopened.Tables.Select(static table => table.Name));
        Assert.Equal(catalogue.Epoch, reopened.Epoch);
        using (var transaction = store.BeginTransaction())
        {
            reopened.CreateTable(transaction, Definition("a"), out var again);
            Assert.Equal(4u, again.Id);
        }
    }

    [Fact]
    public void Of_two_definitions_at_once_the_second_to_commit_conflicts()
    {
        using var store = LsmStore.OpenInMemory();
        var catalogue = Catalogue.Open(store);
        using var first = store.BeginTransaction();
        using var second = store.BeginTransaction();
        catalogue.CreateTable(first, Definition("a"), out _);
        catalogue.CreateTable(second, Definition("b"), out _);
        first.Commit();
        Assert.Throws<ConflictException>(() => second.Commit());
        Assert.False(Catalogue.Open(store).TryFind("b", out _));
    }

    [Fact]
    public void After_a_rollback_to_a_savepoint_the_transaction_sees_the_catalogue_of_before()
    {
        using var store = LsmStore.OpenInMemory();
        var catalogue = Catalogue.Open(store);
        using var transaction = store.BeginTransaction();
        catalogue = catalogue.CreateTable(transaction, Definition("a"), out _);
        var savepoint = transaction.CreateSavepoint();
        catalogue.CreateTable(transaction, Definition("b"), out _);
        transaction.RollbackTo(savepoint);
        Assert.Equal(["kv", "a"], Catalogue.Load(transaction).Tables.Select(static table => table.Name));
    }

    [Fact]
    public void Rows_are_deleted_without_touching_their_neighbours()
    {
        using var store = LsmStore.OpenInMemory();
        var table = Catalogue.Open(store).Tables[0];
        store.Put([0, 0, 0, 1], [1]);
        store.Put([0, 0, 0, 1, 0xFF, 0xFF], [1]);
        store.Put([0, 0, 0, 2], [1]);
        using var transaction = store.BeginTransaction();
        Catalogue.DeleteRows(transaction, table);
        transaction.Commit();
        Assert.False(store.Contains([0, 0, 0, 1]));
        Assert.False(store.Contains([0, 0, 0, 1, 0xFF, 0xFF]));
        Assert.True(store.Contains([0, 0, 0, 2]));
        Assert.Single(Catalogue.Open(store).Tables);
    }

    [Fact]
    public void A_store_of_the_key_value_api_is_one_raw_table_and_stays_as_it_is()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put("user:1"u8, "Ann"u8);
        var catalogue = Catalogue.Open(store);
        Assert.True(catalogue.IsRaw);
        var table = Assert.Single(catalogue.Tables);
        Assert.True(table.IsRaw);
        Assert.Equal([("k", SqlType.Blob), ("v", SqlType.Blob)], table.Columns.Select(static column => (column.Name, column.Type)));
        using (var transaction = store.BeginTransaction())
        {
            Assert.Equal("0A000", Assert.Throws<LsmException>(() => catalogue.CreateTable(transaction, Definition("a"), out _)).SqlState);
            Assert.Equal("0A000", Assert.Throws<LsmException>(() => catalogue.DropTable(transaction, table)).SqlState);
            Assert.True(Catalogue.Load(transaction).IsRaw);
            Assert.Equal(0, transaction.WriteCount);
            Catalogue.DeleteRows(transaction, table);
            transaction.Commit();
        }

        Assert.False(store.Contains("user:1"u8));
    }

    [Fact]
    public void The_markers_key_with_anothers_value_is_raw_data()
    {
        using var store = LsmStore.OpenInMemory();
        store.Put(CatalogueFormat.MarkerKey, "mine"u8);
        Assert.True(Catalogue.Open(store).IsRaw);
        store.Put([0, 0, 0, 0, 1, 0, 0, 0, 1], "mine too"u8);
        Assert.True(Catalogue.Open(store).IsRaw);
    }

    [Fact]
    public void A_newer_catalogue_is_not_opened_and_a_damaged_one_is_named()
    {
        using var store = LsmStore.OpenInMemory();
        Catalogue.Open(store);
        store.Put(CatalogueFormat.TableKey(1), [1, 2, 3]);
        Assert.Equal("XX001", Assert.Throws<LsmException>(() => Catalogue.Open(store)).SqlState);
        store.Put(CatalogueFormat.MarkerKey, [.. "LSMCATLG"u8, 2]);
        Assert.Equal("58P01", Assert.Throws<LsmException>(() => Catalogue.Open(store)).SqlState);
        store.Put(CatalogueFormat.MarkerKey, [.. "LSMCATLG"u8]);
        Assert.Equal("XX001", Assert.Throws<LsmException>(() => Catalogue.Open(store)).SqlState);
    }

    private static TableSchema Definition(string name)
    {
        var id = new ColumnSchema("id", 0, SqlType.Int64, Nullable: false, KeyPosition: 0);
        var note = new ColumnSchema("note", 1, SqlType.Text, Nullable: true, KeyPosition: -1);
        return new TableSchema(0, name, [id, note], [id]);
    }
}
