using System.Data.Common;

namespace LsmTree.Data;

/// <summary>The commands of a batch, in the order of their execution.</summary>
public sealed class LsmBatchCommandCollection : DbBatchCommandCollection
{
    private readonly List<LsmBatchCommand> _commands = [];

    internal LsmBatchCommandCollection()
    {
    }

    /// <inheritdoc/>
    public override int Count => _commands.Count;

    /// <inheritdoc/>
    public override bool IsReadOnly => false;

    /// <summary>The command at a position.</summary>
    /// <param name="index">The position, from 0.</param>
    public new LsmBatchCommand this[int index]
    {
        get => _commands[index];
        set => SetBatchCommand(index, value);
    }

    /// <inheritdoc/>
    public override void Add(DbBatchCommand item) => _commands.Add(Command(item));

    /// <inheritdoc/>
    public override void Clear() => _commands.Clear();

    /// <inheritdoc/>
    public override bool Contains(DbBatchCommand item) => IndexOf(item) >= 0;

    /// <inheritdoc/>
    public override void CopyTo(DbBatchCommand[] array, int arrayIndex)
    {
        ArgumentNullException.ThrowIfNull(array);
        for (var index = 0; index < _commands.Count; index++)
        {
            array[arrayIndex + index] = _commands[index];
        }
    }

    /// <inheritdoc/>
    public override IEnumerator<DbBatchCommand> GetEnumerator() => _commands.GetEnumerator();

    /// <inheritdoc/>
    public override int IndexOf(DbBatchCommand item) => item is LsmBatchCommand command ? _commands.IndexOf(command) : -1;

    /// <inheritdoc/>
    public override void Insert(int index, DbBatchCommand item) => _commands.Insert(index, Command(item));

    /// <inheritdoc/>
    public override bool Remove(DbBatchCommand item) => item is LsmBatchCommand command && _commands.Remove(command);

    /// <inheritdoc/>
    public override void RemoveAt(int index) => _commands.RemoveAt(index);

    /// <inheritdoc/>
    protected override DbBatchCommand GetBatchCommand(int index) => _commands[index];

    /// <inheritdoc/>
    protected override void SetBatchCommand(int index, DbBatchCommand batchCommand) => _commands[index] = Command(batchCommand);

    private static LsmBatchCommand Command(DbBatchCommand? item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item as LsmBatchCommand ?? throw new InvalidCastException($"A batch command must be an LsmBatchCommand, not a {item.GetType()}. Make it with CreateBatchCommand.");
    }
}
