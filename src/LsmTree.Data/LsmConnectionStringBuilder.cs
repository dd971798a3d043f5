using System.Collections;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage;

namespace LsmTree.Data;

/// <summary>A connection string, keyword by keyword. Keywords and values are checked when they are set, not when a connection opens.</summary>
/// <remarks>
/// <code>
/// keyword                      synonyms                            value                                         default
/// Data Source                  DataSource, Path, Filename,         a directory, or :memory:                      none
///                              Directory
/// Mode                                                             ReadWriteCreate, ReadWrite, ReadOnly, Memory  ReadWriteCreate
/// Synchronous                  Sync                                Full, Normal, Off                             Full
/// Default Timeout              Command Timeout                     seconds; 0 waits for ever                     30
/// Pooling                                                          true, false                                   true
/// Engine Idle Timeout          Connection Idle Lifetime            seconds; 0 closes with the last connection    60
/// Memory Budget                                                    bytes, or with a unit: 256MB                  the engine's
/// Memtable Size                                                    64KB to 1GB                                   the engine's
/// Compression                                                      None, Brotli                                  the engine's
/// Ignore Command Transaction                                       true, false                                   false
/// Allow Full Scan                                                  true, false                                   true
/// Enlist                                                           false                                         false
/// Name                                                             any text                                      empty
/// </code>
/// </remarks>
#pragma warning disable CA1010 // ADO.NET's base class fixes the collection's interface
public sealed class LsmConnectionStringBuilder : DbConnectionStringBuilder
#pragma warning restore CA1010
{
    /// <summary>Starts empty.</summary>
    public LsmConnectionStringBuilder()
    {
    }

    /// <summary>Starts from a connection string.</summary>
    /// <param name="connectionString">The connection string; null is the empty one.</param>
    /// <exception cref="ArgumentException">A keyword is unknown or a value does not fit.</exception>
    public LsmConnectionStringBuilder(string? connectionString)
    {
        ConnectionString = connectionString;
    }

    /// <summary>The directory of the store, or <c>:memory:</c> for a store that only this connection sees. Default: empty.</summary>
    /// <remarks>A leading <c>|DataDirectory|</c> stands for the application domain's data directory, or the application's base directory.</remarks>
    [AllowNull]
    public string DataSource
    {
        get => (string?)Stored(ConnectionKeywords.DataSource) ?? "";
        set => this[ConnectionKeywords.DataSource] = value;
    }

    /// <summary>What may be done with the data source. Default: <see cref="LsmOpenMode.ReadWriteCreate"/>, as in SQLite.</summary>
    public LsmOpenMode Mode
    {
        get => (LsmOpenMode?)Stored(ConnectionKeywords.Mode) ?? LsmOpenMode.ReadWriteCreate;
        set => this[ConnectionKeywords.Mode] = value;
    }

    /// <summary>What a commit waits for. Default: <see cref="Durability.Full"/>, as in SQLite; the engine's own default is <see cref="Durability.Normal"/>.</summary>
    public Durability Synchronous
    {
        get => (Durability?)Stored(ConnectionKeywords.Synchronous) ?? Durability.Full;
        set => this[ConnectionKeywords.Synchronous] = value;
    }

    /// <summary>
    /// Seconds that a statement may take, and that opening waits for a store which another process holds; 0 waits for ever.
    /// Default: 30, as in every ADO.NET provider.
    /// </summary>
    public int DefaultTimeout
    {
        get => (int?)Stored(ConnectionKeywords.DefaultTimeout) ?? ConnectionKeywords.DefaultTimeoutSeconds;
        set => this[ConnectionKeywords.DefaultTimeout] = value;
    }

    /// <summary>Whether the engine stays open for <see cref="EngineIdleTimeout"/> after its last connection has closed. Default: true.</summary>
    public bool Pooling
    {
        get => (bool?)Stored(ConnectionKeywords.Pooling) ?? true;
        set => this[ConnectionKeywords.Pooling] = value;
    }

    /// <summary>
    /// Seconds that the engine stays open after its last connection has closed; 0 closes it with the last connection. Default: 60, half of
    /// the two minutes after which Microsoft.Data.Sqlite prunes idle handles: long enough to serve the next request, short enough to forget.
    /// </summary>
    public int EngineIdleTimeout
    {
        get => (int?)Stored(ConnectionKeywords.EngineIdleTimeout) ?? ConnectionKeywords.EngineIdleTimeoutSeconds;
        set => this[ConnectionKeywords.EngineIdleTimeout] = value;
    }

    /// <summary>
    /// Bytes for memtables and block cache together, from 1 MiB; null for the engine's own defaults. Default: null. Without a <see cref="MemtableSize"/>
    /// a memtable has an eighth of it, between 1 and 64 MiB.
    /// </summary>
    /// <remarks>Up to three memtables exist at once. A connection string whose budget is less than three memtables is refused by whoever gets it.</remarks>
    public long? MemoryBudget
    {
        get => (long?)Stored(ConnectionKeywords.MemoryBudget);
        set => this[ConnectionKeywords.MemoryBudget] = value;
    }

    /// <summary>Bytes of a memtable, 64 KiB to 1 GiB; null for the engine's own default. Default: null.</summary>
    public long? MemtableSize
    {
        get => (long?)Stored(ConnectionKeywords.MemtableSize);
        set => this[ConnectionKeywords.MemtableSize] = value;
    }

    /// <summary>How new tables are compressed; null for the engine's own default. Default: null.</summary>
    public Compression? Compression
    {
        get => (Compression?)Stored(ConnectionKeywords.Compression);
        set => this[ConnectionKeywords.Compression] = value;
    }

    /// <summary>Whether a command without a transaction joins the one that is active on its connection, instead of being refused. Default: false.</summary>
    public bool IgnoreCommandTransaction
    {
        get => (bool?)Stored(ConnectionKeywords.IgnoreCommandTransaction) ?? false;
        set => this[ConnectionKeywords.IgnoreCommandTransaction] = value;
    }

    /// <summary>Whether statements may read every row of a table; if not, those whose plan does are refused, with SQLSTATE 53400. Default: true.</summary>
    public bool AllowFullScan
    {
        get => (bool?)Stored(ConnectionKeywords.AllowFullScan) ?? true;
        set => this[ConnectionKeywords.AllowFullScan] = value;
    }

    /// <summary>Always false: System.Transactions is not supported, and says so instead of being ignored.</summary>
    /// <exception cref="NotSupportedException">Set to true.</exception>
    public bool Enlist
    {
        get => (bool?)Stored(ConnectionKeywords.Enlist) ?? false;
        set => this[ConnectionKeywords.Enlist] = value;
    }

    /// <summary>A name for logs and metrics. Default: empty.</summary>
    [AllowNull]
    public string Name
    {
        get => (string?)Stored(ConnectionKeywords.Name) ?? "";
        set => this[ConnectionKeywords.Name] = value;
    }

    /// <summary>A value by keyword or synonym, in any case.</summary>
    /// <param name="keyword">The keyword.</param>
    /// <exception cref="ArgumentException">The keyword is unknown, or the value does not fit it.</exception>
    [AllowNull]
    public override object this[string keyword]
    {
        get => TryGetValue(keyword, out var value) ? value : throw ConnectionKeywords.Unknown(keyword);
        set
        {
            var canonical = ConnectionKeywords.Canonical(keyword) ?? throw ConnectionKeywords.Unknown(keyword);
            if (value is null)
            {
                base.Remove(canonical);
                return;
            }

            base[canonical] = ConnectionKeywords.Check(canonical, value);
        }
    }

    /// <summary>Every keyword, set or not.</summary>
    public override ICollection Keys => ConnectionKeywords.All;

    /// <summary>The values in the order of <see cref="Keys"/>; null for one without a value or default.</summary>
    public override ICollection Values => Array.ConvertAll(ConnectionKeywords.All, Effective);

    /// <inheritdoc/>
    public override bool IsFixedSize => true;

    /// <inheritdoc/>
    public override bool ContainsKey(string keyword) => ConnectionKeywords.Canonical(keyword) is not null;

    /// <inheritdoc/>
    public override bool ShouldSerialize(string keyword) => ConnectionKeywords.Canonical(keyword) is { } canonical && base.ShouldSerialize(canonical);

    /// <inheritdoc/>
    public override bool Remove(string keyword) => ConnectionKeywords.Canonical(keyword) is { } canonical && base.Remove(canonical);

    /// <summary>The value of a keyword, or its default; false when the keyword is unknown or has neither.</summary>
    /// <param name="keyword">The keyword or a synonym, in any case.</param>
    /// <param name="value">The value.</param>
    public override bool TryGetValue(string keyword, [NotNullWhen(true)] out object? value)
    {
        value = ConnectionKeywords.Canonical(keyword) is { } canonical ? Effective(canonical) : null;
        return value is not null;
    }

    /// <summary>The base class keeps text only; what is there has been checked when it was set.</summary>
    private object? Stored(string canonical) => base.TryGetValue(canonical, out var value) ? ConnectionKeywords.Check(canonical, value) : null;

    private object? Effective(string canonical) => Stored(canonical) ?? ConnectionKeywords.Default(canonical);
}
