using LsmTree.Storage;

namespace LsmTree.Workloads.Workers;

/// <summary>One thread's part of a workload: knows how to do one operation, and counts what it moved.</summary>
internal abstract class Worker
{
    private readonly byte[] _value;

    protected Worker(WorkloadContext context)
    {
        Context = context;
        Key = context.KeySpace.CreateKey();
        _value = new byte[context.Settings.ValueBytes];
    }

    /// <summary>Entries written or read so far.</summary>
    public long Entries { get; private set; }

    /// <summary>Bytes of the keys and values of those entries.</summary>
    public long Bytes { get; private set; }

    /// <summary>Keys that the store has more than before; negative when it has fewer.</summary>
    public long KeysAdded { get; protected set; }

    protected WorkloadContext Context { get; }

    protected LsmStore Store => Context.Store;

    /// <summary>The key of the present operation.</summary>
    protected byte[] Key { get; }

    /// <summary>Does one operation.</summary>
    /// <param name="index">Its place in the order of all operations.</param>
    public abstract void Do(long index);

    /// <summary>Gives back what the worker holds of the store.</summary>
    public virtual void End()
    {
    }

    protected void Count(long entries, long bytes)
    {
        Entries += entries;
        Bytes += bytes;
    }

    /// <summary>Writes the entry of that number.</summary>
    protected void Put(long number, Durability? durability = null)
    {
        Context.KeySpace.Write(Key, number);
        var value = Context.Values.ValueOf(number);
        Store.Put(Key, value, durability);
        Count(1, Key.Length + value.Length);
    }

    /// <summary>Reads the entry of that number, as a caller would: its value is copied out.</summary>
    /// <exception cref="InvalidDataException">It is one of the keys that must be there, and is not, or has another value's length.</exception>
    protected void Get(long number)
    {
        Context.KeySpace.Write(Key, number);
        if (Store.TryGet(Key, _value, out var length))
        {
            if (length != _value.Length)
            {
                throw new InvalidDataException($"Key {number} has a value of {length} bytes instead of {_value.Length}.");
            }

            Count(1, Key.Length + length);
        }
        else if (number < Context.Keys)
        {
            throw new InvalidDataException($"Key {number} was lost.");
        }
    }

    /// <summary>Reads at most that many entries from the key of that number on.</summary>
    protected void Scan(long number, int entries)
    {
        Context.KeySpace.Write(Key, number);
        using var cursor = Store.CreateCursor();
        var read = 0;
        var bytes = 0L;
        for (var valid = cursor.Seek(Key); valid; valid = cursor.Next())
        {
            bytes += cursor.Key.Length + cursor.Value.Length;
            if (++read == entries)
            {
                break;
            }
        }

        Count(read, bytes);
    }
}
