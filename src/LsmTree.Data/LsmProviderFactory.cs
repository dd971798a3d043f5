using System.Data.Common;

namespace LsmTree.Data;

/// <summary>The way from a provider's name to its classes: register it with <c>DbProviderFactories.RegisterFactory(LsmProviderFactory.InvariantName, LsmProviderFactory.Instance)</c>.</summary>
public sealed class LsmProviderFactory : DbProviderFactory
{
    /// <summary>The name under which the factory is registered by convention.</summary>
    public const string InvariantName = "LsmTree.Data";

    /// <summary>The only instance. A field, because DbProviderFactories looks for one.</summary>
    public static readonly LsmProviderFactory Instance = new();

    private LsmProviderFactory()
    {
    }

    /// <inheritdoc/>
    public override bool CanCreateBatch => true;

    /// <inheritdoc/>
    public override bool CanCreateCommandBuilder => true;

    /// <inheritdoc/>
    public override bool CanCreateDataAdapter => true;

    /// <inheritdoc/>
    public override DbBatch CreateBatch() => new LsmBatch();

    /// <inheritdoc/>
    public override DbBatchCommand CreateBatchCommand() => new LsmBatchCommand();

    /// <inheritdoc/>
    public override DbCommand CreateCommand() => new LsmCommand();

    /// <inheritdoc/>
    public override DbCommandBuilder CreateCommandBuilder() => new LsmCommandBuilder();

    /// <inheritdoc/>
    public override DbConnection CreateConnection() => new LsmConnection();

    /// <inheritdoc/>
    public override DbConnectionStringBuilder CreateConnectionStringBuilder() => new LsmConnectionStringBuilder();

    /// <inheritdoc/>
    public override DbDataAdapter CreateDataAdapter() => new LsmDataAdapter();

    /// <inheritdoc/>
    public override DbDataSource CreateDataSource(string connectionString) => LsmDataSource.Create(connectionString);

    /// <inheritdoc/>
    public override DbParameter CreateParameter() => new LsmParameter();
}
