using System.IO.Compression;
using System.Text;
using LsmTree.Cli.Texts;

namespace LsmTree.Cli.Transfers;

/// <summary>Reads a file of tab-separated values line by line, as bytes, so that a bad line is kept exactly as it was found.</summary>
/// <remarks>
/// Lines end with LF or CR LF. Memory is bounded by the longest line, and that by <see cref="MaxLineBytes"/>. Whether the file is compressed is
/// read from its first bytes, not from its name.
/// </remarks>
internal sealed class TsvReader : IDisposable
{
    /// <summary>The longest line that is read: 64 MiB. A longer one is no table, or needs another tool.</summary>
    public const int MaxLineBytes = 64 << 20;

    private const int FirstBufferBytes = 64 << 10;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly byte[] s_gzipMagic = [0x1F, 0x8B];
    private static readonly byte[] s_byteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly FileStream _file;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private TsvReader(FileStream file, Stream stream)
    {
        _file = file;
        _stream = stream;
    }

    /// <summary>The number of the line that was read last, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>The line that was read last, without its end. Valid until the next read.</summary>
    public ReadOnlySpan<byte> Line => _buffer.AsSpan(LineStart, LineLength);

    /// <summary>Bytes of the file read so far, compressed where the file is.</summary>
    public long BytesRead => _file.CanSeek ? _file.Position : 0;

    /// <summary>Bytes of the file; 0 when that is not known, as for a pipe.</summary>
    public long BytesTotal => _file.CanSeek ? _file.Length : 0;

    private int LineStart { get; set; }

    private int LineLength { get; set; }

    public static TsvReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 << 10, FileOptions.SequentialScan);
        var isCompressed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        if (file.CanSeek)
        {
            Span<byte> magic = stackalloc byte[s_gzipMagic.Length];
            isCompressed = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length && magic.SequenceEqual(s_gzipMagic);
            file.Position = 0;
        }

        return new TsvReader(file, isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file);
    }

    /// <summary>Moves to the next line; false at the end of the file.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="MaxLineBytes"/>, or the compressed data are damaged.</exception>
    public bool ReadLine()
    {
        var searched = _start;
        while (true)
        {
            var newLine = _buffer.AsSpan(searched, _end - searched).IndexOf((byte)'\n');
            if (newLine >= 0)
            {
                Take(searched + newLine, next: searched + newLine + 1);
                return true;
            }

            searched = _end - _start;
            if (!Fill())
            {
                if (_start == _end)
                {
                    return false;
                }

                Take(_end, next: _end);
                return true;
            }

            searched += _start;
        }
    }

    /// <summary>Cuts the line into its fields. False when it is not UTF-8.</summary>
    public bool TrySplit(out string[] fields)
    {
        try
        {
            fields = s_strictUtf8.GetString(Line).Split('\t');
            return true;
        }
        catch (DecoderFallbackException)
        {
            fields = [];
            return false;
        }
    }

    /// <summary>Reads the header: the first line, whose fields are the names of the columns.</summary>
    /// <exception cref="InvalidDataException">There is none, or its names are empty or not distinct.</exception>
    public string[] ReadHeader()
    {
        if (!ReadLine() || !TrySplit(out var fields))
        {
            throw new InvalidDataException($"{_file.Name} has no header: its first line must name the columns, separated by tabs.");
        }

        var names = Array.ConvertAll(fields, static field => TsvField.TryRead(field, out var name) && name is string text ? text : "");
        if (names.Any(static name => name.Length == 0) || names.Distinct(StringComparer.OrdinalIgnoreCase).Count() != names.Length)
        {
            throw new InvalidDataException($"The header of {_file.Name} must name every column once; it reads: {string.Join(", ", names)}.");
        }

        return names;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private void Take(int end, int next)
    {
        LineNumber++;
        LineStart = _start;
        if (LineNumber == 1 && _buffer.AsSpan(LineStart, end - LineStart).StartsWith(s_byteOrderMark))
        {
            LineStart += s_byteOrderMark.Length;
        }

        LineLength = end - LineStart;
        if (LineLength > 0 && _buffer[end - 1] == '\r')
        {
            LineLength--;
        }

        _start = next;
    }

    /// <summary>Reads more bytes behind those that are left, which move to the start of the buffer; false at the end of the file.</summary>
    private bool Fill()
    {
        if (_isAtEnd)
        {
            return false;
        }

        var left = _end - _start;
        if (left > MaxLineBytes)
        {
            throw new InvalidDataException($"Line {LineNumber + 1} of {_file.Name} is longer than {MaxLineBytes >> 20} MiB.");
        }

        var target = left > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, left).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = left;
        var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _isAtEnd = read == 0;
        return read > 0;
    }
}
