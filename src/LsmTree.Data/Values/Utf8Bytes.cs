using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace LsmTree.Data.Values;

/// <summary>The bytes of a TEXT or BLOB: the value's own slice, or a string's UTF-8 in the caller's scratch or a rented array.</summary>
/// <remarks>Dispose returns what was rented. Unpaired surrogates become U+FFFD here; writers refuse them (see <see cref="IsWellFormed"/>).</remarks>
internal ref struct Utf8Bytes
{
    /// <summary>A good size for the caller's scratch, in bytes.</summary>
    public const int ScratchLength = 256;

    private byte[]? _rented;

    public Utf8Bytes(in SqlValue value, Span<byte> scratch)
    {
        if (value.Type == SqlType.Blob || value.IsUtf8)
        {
            Span = value.AsSpan();
            IsWellFormed = true;
            return;
        }

        var text = value.AsString();
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (longest > scratch.Length)
        {
            _rented = ArrayPool<byte>.Shared.Rent(longest);
            scratch = _rented;
        }

        IsWellFormed = Utf8.FromUtf16(text, scratch, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done;
        if (!IsWellFormed)
        {
            written = Encoding.UTF8.GetBytes(text, scratch);
        }

        Span = scratch[..written];
    }

    /// <summary>The bytes; valid until Dispose, and as long as the value's own source.</summary>
    public ReadOnlySpan<byte> Span { get; }

    /// <summary>False when the value is a string with an unpaired surrogate, which no UTF-8 can hold.</summary>
    public bool IsWellFormed { get; }

    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }
}
