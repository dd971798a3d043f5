namespace LsmTree.Storage.Keys;

/// <summary>What an entry says about its key. The numbers are part of the file formats: never reuse one.</summary>
internal enum EntryKind : byte
{
    /// <summary>The key is gone (a tombstone). The value is empty.</summary>
    Delete = 0,

    /// <summary>The key has this value.</summary>
    Put = 1,

    /// <summary>Every key in [key, value) is gone. Only in batches and logs; tables keep these in a block of their own.</summary>
    RangeDelete = 2,

    /// <summary>The key has this value until a moment that stands before it (<see cref="ExpiringValue"/>). After it, the entry says what a tombstone says.</summary>
    PutExpiring = 3,

    /// <summary>Not stored. Sorts before every stored kind of the same sequence number, so that a seek meets them all.</summary>
    Seek = 255,
}
