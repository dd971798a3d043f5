using LsmTree.Storage.Files;

namespace LsmTree.Crash.Tests.Simulation;

/// <summary>A file that grows in a <see cref="SimFileSystem"/>. What a buffer holds has not reached the file system, and dies with the process.</summary>
internal sealed class SimAppendFile : IAppendFile
{
    private const int PieceBytes = 4 << 10; // 4 KiB: small, so that growth happens in small workloads

    private readonly SimFileSystem _files;
    private readonly SimNode _node;
    private readonly AppendSettings _settings;
    private byte[] _held = [];
    private int _heldBytes;
    private long _position;
    private bool _finished;

    public SimAppendFile(SimFileSystem files, string path, SimNode node, AppendSettings settings)
    {
        _files = files;
        _node = node;
        _settings = settings;
        Path = path;
    }

    public string Path { get; }

    public long Position => Volatile.Read(ref _position);

    private int BufferBytes => _settings.Mapped ? 0 : _settings.BufferBytes;

    /// <summary>Reserves the first piece of a mapped file: a full disk is met here and not later.</summary>
    public void Begin() => ReserveFor(1);

    public void Append(ReadOnlySpan<byte> bytes) => Append(bytes, []);

    public void Append(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (_finished)
        {
            throw new InvalidOperationException($"{Path} is finished; nothing can be appended.");
        }

        var total = first.Length + second.Length;
        if (_heldBytes + total > BufferBytes)
        {
            WriteHeld();
        }

        if (total <= BufferBytes)
        {
            if (_held.Length < _heldBytes + total)
            {
                Array.Resize(ref _held, Math.Max(_heldBytes + total, _held.Length * 2));
            }

            first.CopyTo(_held.AsSpan(_heldBytes));
            second.CopyTo(_held.AsSpan(_heldBytes + first.Length));
            _heldBytes += total;
        }
        else
        {
            ReserveFor(total);
            _files.Write(this, _node, first, second);
        }

        Volatile.Write(ref _position, _position + total);
    }

    public void Sync()
    {
        WriteHeld();
        _files.Sync(this, _node);
    }

    public void Finish()
    {
        WriteHeld();
        _files.Finish(this, _node);
        _finished = true;
    }

    public void Dispose()
    {
        _finished = true;
        _files.Close(this);
    }

    private void WriteHeld()
    {
        if (_heldBytes > 0)
        {
            _files.Write(this, _node, _held.AsSpan(0, _heldBytes), []);
            _heldBytes = 0;
        }
    }

    private void ReserveFor(int more)
    {
        if (_settings.Mapped && _node.Written + more > _node.Length)
        {
            _files.Reserve(this, _node, (_node.Written + more + PieceBytes - 1) / PieceBytes * PieceBytes);
        }
    }
}
