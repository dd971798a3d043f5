using System.Data.Common;

namespace LsmTree.Data;

/// <summary>Fills a DataSet from the store, and writes its changes back.</summary>
public sealed class LsmDataAdapter : DbDataAdapter
{
    /// <summary>An adapter without commands.</summary>
    public LsmDataAdapter()
    {
    }

    /// <summary>An adapter that selects with a command.</summary>
    /// <param name="selectCommand">The command.</param>
    public LsmDataAdapter(LsmCommand? selectCommand)
    {
        SelectCommand = selectCommand;
    }

    /// <summary>An adapter that selects with a text.</summary>
    /// <param name="selectCommandText">The statement.</param>
    /// <param name="connection">The connection.</param>
    public LsmDataAdapter(string selectCommandText, LsmConnection connection)
    {
        SelectCommand = new LsmCommand(selectCommandText, connection);
    }

    /// <summary>Raised before a row is written.</summary>
    public event EventHandler<RowUpdatingEventArgs>? RowUpdating;

    /// <summary>Raised after a row has been written, or has failed to.</summary>
    public event EventHandler<RowUpdatedEventArgs>? RowUpdated;

    /// <inheritdoc cref="DbDataAdapter.SelectCommand"/>
    public new LsmCommand? SelectCommand
    {
        get => (LsmCommand?)base.SelectCommand;
        set => base.SelectCommand = value;
    }

    /// <inheritdoc cref="DbDataAdapter.InsertCommand"/>
    public new LsmCommand? InsertCommand
    {
        get => (LsmCommand?)base.InsertCommand;
        set => base.InsertCommand = value;
    }

    /// <inheritdoc cref="DbDataAdapter.UpdateCommand"/>
    public new LsmCommand? UpdateCommand
    {
        get => (LsmCommand?)base.UpdateCommand;
        set => base.UpdateCommand = value;
    }

    /// <inheritdoc cref="DbDataAdapter.DeleteCommand"/>
    public new LsmCommand? DeleteCommand
    {
        get => (LsmCommand?)base.DeleteCommand;
        set => base.DeleteCommand = value;
    }

    /// <inheritdoc/>
    protected override void OnRowUpdating(RowUpdatingEventArgs value) => RowUpdating?.Invoke(this, value);

    /// <inheritdoc/>
    protected override void OnRowUpdated(RowUpdatedEventArgs value) => RowUpdated?.Invoke(this, value);
}
