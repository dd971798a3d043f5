using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Values;
using LsmTree.Storage;

namespace LsmTree.Data.Schemas;

/// <summary>Which tables a store has, at one moment. Immutable: CREATE and DROP put their edits into a transaction and give the next catalogue.</summary>
/// <remarks>
/// <para>The transaction that makes an edit reads the catalogue it returns; everybody else reads it once the transaction has committed. Every edit
/// rewrites the marker, so that of two concurrent ones the second to commit conflicts, and numbers and epochs are given once.</para>
/// <para>Three kinds of store open: (1) one with a marker has the tables that it lists; (2) an empty one gets a marker and the table
/// <c>kv (k ANY PRIMARY KEY, v ANY)</c>; (3) any other was made by the key-value API and is the one table <c>kv (k BLOB PRIMARY KEY, v BLOB)</c>
/// of its raw keys and values, which no CREATE or DROP may touch.</para>
/// </remarks>
internal sealed class Catalogue
{
    private const string FirstTableName = "kv";
    private const uint FirstTableId = 1;

    private readonly FrozenDictionary<string, TableSchema> _byName;
    private readonly uint _nextTableId;

    private Catalogue(IReadOnlyList<TableSchema> tables, uint nextTableId, long epoch, bool isRaw = false)
    {
        Tables = tables;
        Epoch = epoch;
        IsRaw = isRaw;
        _nextTableId = nextTableId;
        _byName = tables.ToFrozenDictionary(static table => table.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Grows with every CREATE and DROP; plans made under another epoch are stale. An epoch that is not committed yet may come back with other
    /// tables, after a rollback: plans made under it are the transaction's own.
    /// </summary>
    public long Epoch { get; }

    /// <summary>True for a store made by the key-value API.</summary>
    public bool IsRaw { get; }

    /// <summary>All tables in order of creation.</summary>
    public IReadOnlyList<TableSchema> Tables { get; }

    /// <summary>Reads the catalogue of a store, and writes the first one into an empty store (unless it is read-only).</summary>
    /// <exception cref="LsmException">Corruption; NotAStore when the format of the catalogue is newer.</exception>
    public static Catalogue Open(LsmStore store)
    {
        if (store.TryGet(CatalogueFormat.MarkerKey, out var marker) && CatalogueFormat.IsMarker(marker))
        {
            using var cursor = store.CreateCursor(TableRange());
            return Read(marker, cursor);
        }

        using (var cursor = store.CreateCursor())
        {
            if (cursor.SeekToFirst())
            {
                return CreateRaw();
            }
        }

        var first = new Catalogue([CreateKeyValueTable(FirstTableId, SqlType.Any, isRaw: false)], FirstTableId + 1, epoch: 1);
        if (!store.IsReadOnly)
        {
            using var transaction = store.BeginTransaction();
            first.PutMarker(transaction);
            transaction.Put(CatalogueFormat.TableKey(FirstTableId), CatalogueFormat.EncodeTable(first.Tables[0]));
            transaction.Commit();
        }

        return first;
    }

    /// <summary>Reads the catalogue as a transaction sees it, its own edits included; after ROLLBACK TO, for example.</summary>
    /// <exception cref="LsmException">Corruption; NotAStore when the format of the catalogue is newer.</exception>
    public static Catalogue Load(StoreTransaction transaction)
    {
        if (!transaction.TryGet(CatalogueFormat.MarkerKey, out var marker) || !CatalogueFormat.IsMarker(marker))
        {
            return CreateRaw();
        }

        using var cursor = transaction.CreateCursor(TableRange());
        return Read(marker, cursor);
    }

    /// <summary>The table of a name, whatever the case.</summary>
    public bool TryFind(string name, [NotNullWhen(true)] out TableSchema? table) => _byName.TryGetValue(name, out table);

    /// <summary>Puts a new table into the transaction.</summary>
    /// <param name="transaction">The transaction, for which this catalogue holds.</param>
    /// <param name="definition">The table; its number is replaced by the next one.</param>
    /// <param name="created">The table with its number.</param>
    /// <returns>The catalogue with the table.</returns>
    /// <exception cref="LsmException">DuplicateTable; NotSupported for a raw store; LimitExceeded after 4 billion tables.</exception>
    public Catalogue CreateTable(StoreTransaction transaction, TableSchema definition, out TableSchema created)
    {
        RefuseRaw();
        if (TryFind(definition.Name, out var existing))
        {
            throw new LsmException(LsmErrorCode.DuplicateTable, $"There is a table '{existing.Name}' already");
        }

        if (_nextTableId == uint.MaxValue)
        {
            throw new LsmException(LsmErrorCode.LimitExceeded, "This store has had 4,294,967,294 tables, and numbers are never used again");
        }

        created = new TableSchema(_nextTableId, definition.Name, definition.Columns, definition.KeyColumns);
        var next = new Catalogue([.. Tables, created], _nextTableId + 1, Epoch + 1);
        next.PutMarker(transaction);
        transaction.Put(CatalogueFormat.TableKey(created.Id), CatalogueFormat.EncodeTable(created));
        return next;
    }

    /// <summary>Removes a table and its rows in the transaction.</summary>
    /// <returns>The catalogue without the table.</returns>
    /// <exception cref="LsmException">NotSupported for a raw store.</exception>
    public Catalogue DropTable(StoreTransaction transaction, TableSchema table)
    {
        RefuseRaw();
        var next = new Catalogue([.. Tables.Where(other => other.Id != table.Id)], _nextTableId, Epoch + 1);
        next.PutMarker(transaction);
        transaction.Delete(CatalogueFormat.TableKey(table.Id));
        DeleteRows(transaction, table);
        return next;
    }

    /// <summary>Removes all rows of a table in the transaction, by one range tombstone. The catalogue stays as it is.</summary>
    public static void DeleteRows(StoreTransaction transaction, TableSchema table)
    {
        if (table.IsRaw)
        {
            using var cursor = transaction.CreateCursor();
            if (cursor.SeekToLast())
            {
                byte[] behindLast = [.. cursor.Key, 0];
                transaction.DeleteRange([], behindLast);
            }

            return;
        }

        Span<byte> from = stackalloc byte[sizeof(uint)];
        Span<byte> to = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(from, table.Id);
        BinaryPrimitives.WriteUInt32BigEndian(to, table.Id + 1); // the greatest number is never given
        transaction.DeleteRange(from, to);
    }

    private static Catalogue Read(byte[] marker, StoreCursor cursor)
    {
        if (!CatalogueFormat.TryDecodeMarker(marker, out var version, out var nextTableId, out var epoch))
        {
            throw new LsmException(LsmErrorCode.Corruption, "The catalogue's marker is damaged", hint: "run `lsmtree verify` on the directory");
        }

        if (version > CatalogueFormat.Version)
        {
            throw new LsmException(
                LsmErrorCode.NotAStore,
                $"The catalogue has format {version}; this version reads up to {CatalogueFormat.Version}",
                hint: "open the store with a newer version of LsmTree");
        }

        var tables = new List<TableSchema>();
        for (var found = cursor.SeekToFirst(); found; found = cursor.Next())
        {
            if (!CatalogueFormat.TryDecodeTableKey(cursor.Key, out var tableId)
                || tableId >= nextTableId
                || !CatalogueFormat.TryDecodeTable(tableId, cursor.Value, out var table)
                || tables.Exists(other => string.Equals(other.Name, table.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw new LsmException(
                    LsmErrorCode.Corruption,
                    $"The catalogue's entry {Convert.ToHexString(cursor.Key)} is damaged",
                    hint: "run `lsmtree verify` on the directory");
            }

            tables.Add(table);
        }

        return new Catalogue(tables, nextTableId, epoch);
    }

    private void PutMarker(StoreTransaction transaction) =>
        transaction.Put(CatalogueFormat.MarkerKey, CatalogueFormat.EncodeMarker(_nextTableId, Epoch));

    private void RefuseRaw()
    {
        if (IsRaw)
        {
            throw new LsmException(
                LsmErrorCode.NotSupported,
                "CREATE and DROP are not supported here: this store was made by the key-value API and is the one table 'kv' of its raw keys and values",
                hint: "create tables in a new directory");
        }
    }

    private static Catalogue CreateRaw() => new([CreateKeyValueTable(0, SqlType.Blob, isRaw: true)], nextTableId: 0, epoch: 0, isRaw: true);

    private static TableSchema CreateKeyValueTable(uint id, SqlType type, bool isRaw)
    {
        var key = new ColumnSchema("k", 0, type, Nullable: false, KeyPosition: 0);
        var value = new ColumnSchema("v", 1, type, Nullable: !isRaw, KeyPosition: -1);
        return new TableSchema(id, FirstTableName, [key, value], [key], isRaw);
    }

    private static CursorOptions TableRange() => new()
    {
        LowerBound = CatalogueFormat.FirstTableKey.ToArray(),
        UpperBound = CatalogueFormat.AfterTableKeys.ToArray(),
    };
}
