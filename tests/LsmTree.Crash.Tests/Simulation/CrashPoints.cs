namespace LsmTree.Crash.Tests.Simulation;

/// <summary>Walks through a recorded run and makes, at any operation, the file systems that a crash before it could have left.</summary>
/// <remarks>
/// Nothing is run again and no content is copied, but for files of which sectors are missing: images share the arrays of the recording, of which
/// they see the bytes that had been written by then.
/// </remarks>
internal sealed class CrashPoints
{
    private const int SectorBytes = 512;

    private readonly SimNames _names;
    private readonly Dictionary<SimNode, Point> _points = [];

    /// <param name="before">Directories and files before the first event of the journal, all durable.</param>
    public CrashPoints(SimNames before)
    {
        _names = new SimNames(before.Directories, before.Files);
        foreach (var node in _names.Files.Values)
        {
            _points[node] = new Point { Written = node.Synced, Length = node.SyncedLength, Synced = node.Synced, SyncedLength = node.SyncedLength };
        }
    }

    /// <summary>Changes of names that no directory fsync has covered yet.</summary>
    public int PendingNames => _names.Pending.Count;

    /// <summary>Does one more event of the journal.</summary>
    public void Advance(SimEvent step)
    {
        switch (step.Kind)
        {
            case SimEventKind.Create or SimEventKind.Link or SimEventKind.Rename or SimEventKind.Delete:
                _names.Apply(new SimNameChange(step.From, step.To, step.Node!));
                _points.TryAdd(step.Node!, new Point());
                break;
            case SimEventKind.CreateDirectory:
                _names.AddDirectory(step.From!, isDurable: step.Value == 0);
                break;
            case SimEventKind.SyncDirectory:
                _names.Sync(step.From!);
                break;
            case SimEventKind.Append:
                var written = _points[step.Node!];
                written.Written += step.Value;
                written.Length = Math.Max(written.Length, written.Written);
                break;
            case SimEventKind.Reserve:
                _points[step.Node!].Length = Math.Max(_points[step.Node!].Length, step.Value);
                break;
            case SimEventKind.Finish:
                _points[step.Node!].Length = _points[step.Node!].Written;
                break;
            case SimEventKind.Sync:
                var synced = _points[step.Node!];
                (synced.Synced, synced.SyncedLength) = (synced.Written, synced.Length);
                break;
        }
    }

    /// <summary>The file system after a crash at this point.</summary>
    /// <param name="persistence">What it spares.</param>
    /// <param name="dice">Decides what the persistence leaves open.</param>
    /// <param name="next">The operation that was about to be done, for <see cref="Persistence.TornWrite"/>.</param>
    /// <param name="tornBytes">How many bytes of it were done.</param>
    public CrashImage Materialise(Persistence persistence, ref Dice dice, in SimEvent next = default, int tornBytes = 0)
    {
        var names = Names(persistence, ref dice);
        var after = new Dictionary<string, SimNode>(names.Count, StringComparer.Ordinal);
        var survivors = new Dictionary<SimNode, (SimNode Node, ulong Print)>();
        var identity = 14695981039346656037UL;
        foreach (var (path, node) in names.OrderBy(static name => name.Key, StringComparer.Ordinal))
        {
            if (!survivors.TryGetValue(node, out var survivor))
            {
                survivor = After(node, _points[node], persistence, ref dice, ReferenceEquals(node, next.Node) ? tornBytes : 0);
                survivors.Add(node, survivor);
            }

            after.Add(path, survivor.Node);
            identity = Mix(Mix(identity, (ulong)path.GetHashCode()), survivor.Print);
        }

        return new CrashImage(new SimFileSystem(persistence == Persistence.NothingUnsynced ? _names.DurableDirectories : _names.Directories, after) { Journal = [] }, identity);
    }

    private Dictionary<string, SimNode> Names(Persistence persistence, ref Dice dice)
    {
        switch (persistence)
        {
            case Persistence.NothingUnsynced:
                return _names.DurableFiles.Where(file => _names.IsDurable(SimNames.Parent(file.Key))).ToDictionary(StringComparer.Ordinal);
            case Persistence.RandomSectors or Persistence.NamesReordered or Persistence.NamesBeforeData:
                var names = new Dictionary<string, SimNode>(_names.DurableFiles, StringComparer.Ordinal);
                var changes = _names.Pending.ToArray();
                if (persistence == Persistence.NamesReordered)
                {
                    Shuffle(changes, ref dice);
                }

                foreach (var change in changes)
                {
                    if (dice.Once(2))
                    {
                        change.ApplyTo(names);
                    }
                }

                return names;
            default:
                return _names.Files;
        }
    }

    private static void Shuffle(SimNameChange[] changes, ref Dice dice)
    {
        for (var last = changes.Length - 1; last > 0; last--)
        {
            var other = dice.Below(last + 1);
            (changes[last], changes[other]) = (changes[other], changes[last]);
        }
    }

    private static (SimNode Node, ulong Print) After(SimNode node, Point point, Persistence persistence, ref Dice dice, int tornBytes)
    {
        var (written, length) = persistence switch
        {
            Persistence.NothingUnsynced or Persistence.NamesBeforeData => (point.Synced, point.SyncedLength),
            Persistence.SizeBeforeData => (point.Synced, point.Length),
            Persistence.TornWrite => (point.Written + tornBytes, Math.Max(point.Length, point.Written + tornBytes)),
            Persistence.SomeFiles when dice.Once(2) => (point.Synced, point.SyncedLength),
            Persistence.RandomCut => Cut(point, ref dice),
            _ => (point.Written, point.Length),
        };
        if (persistence == Persistence.RandomSectors && point.Written > point.Synced)
        {
            return Sectors(node, point, ref dice);
        }

        return (SimNode.Frozen(node.Id, node.Content, written, length), Mix(Mix((ulong)node.Id + 1, (ulong)written), (ulong)length));
    }

    private static (int Written, int Length) Cut(Point point, ref Dice dice)
    {
        var written = point.Synced + dice.Below(point.Written - point.Synced + 1);
        return (written, Math.Max(written, point.SyncedLength <= point.Length ? point.SyncedLength : point.Length));
    }

    private static (SimNode Node, ulong Print) Sectors(SimNode node, Point point, ref Dice dice)
    {
        var bytes = node.Content.AsSpan(0, point.Written).ToArray();
        var print = Mix(Mix((ulong)node.Id + 1, (ulong)point.Written), (ulong)point.Synced);
        for (var sector = point.Synced / SectorBytes; sector * SectorBytes < point.Written; sector++)
        {
            if (dice.Once(2))
            {
                var from = Math.Max(point.Synced, sector * SectorBytes);
                bytes.AsSpan(from, Math.Min(point.Written, (sector + 1) * SectorBytes) - from).Clear();
                print = Mix(print, (ulong)sector + 1);
            }
        }

        // The size may have reached the disk, or not.
        var length = dice.Once(2) ? point.Length : Math.Max(Math.Min(point.SyncedLength, point.Length), point.Synced + dice.Below(point.Written - point.Synced + 1));
        var written = Math.Min(bytes.Length, length);
        return (SimNode.Frozen(node.Id, bytes, written, length), Mix(print, (ulong)length));
    }

    private static ulong Mix(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9FB21C651E98DF25;
        return hash ^ (hash >> 32);
    }

    private sealed class Point
    {
        public int Written { get; set; }

        public int Length { get; set; }

        public int Synced { get; set; }

        public int SyncedLength { get; set; }
    }
}
