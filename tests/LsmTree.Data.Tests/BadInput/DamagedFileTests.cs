using System.Globalization;
using Dapper;

namespace LsmTree.Data.Tests.BadInput;

/// <summary>A damaged file gives the rows that were written or a typed error, never other rows; and with the bytes back, everything is back.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private const int Seed = 20_260_417;
    private const int Flips = 60;
    private const int Truncations = 12;
    private const int SealBytes = 32; // at the end of a manifest; without it every edit is as safe

    private readonly Ledger _ledger = new();

    public void Dispose() => _ledger.Dispose();

    [Theory]
    [InlineData("*.sst")]
    [InlineData("MANIFEST-*")]
    [InlineData("CURRENT")]
    public void A_flipped_byte_is_noticed_or_does_no_harm(string pattern)
    {
        var (path, bytes) = FileOf(pattern);
        var random = new Random(Seed);
        var noticed = 0;
        for (var i = 0; i < Flips; i++)
        {
            var damaged = bytes.ToArray();
            var offset = i < 10 ? Math.Max(0, damaged.Length - 1 - i) : random.Next(damaged.Length);
            damaged[offset] ^= (byte)(1 << random.Next(8));
            noticed += IsNoticed(path, damaged, string.Create(CultureInfo.InvariantCulture, $"byte {offset} of {damaged.Length}, seed {Seed}")) ? 1 : 0;
        }

        Assert.True(noticed > Flips / 2, $"Only {noticed} of {Flips} flipped bytes were noticed: does the test read the file at all?");
        File.WriteAllBytes(path, bytes);
        _ledger.AssertWhole();
    }

    [Theory]
    [InlineData("*.sst")]
    [InlineData("MANIFEST-*")]
    [InlineData("CURRENT")]
    public void A_truncated_file_is_noticed(string pattern)
    {
        var (path, bytes) = FileOf(pattern);
        var random = new Random(Seed);
        for (var i = 0; i < Truncations; i++)
        {
            var length = i == 0 ? 0 : i == 1 ? bytes.Length - 1 : random.Next(bytes.Length);
            var story = string.Create(CultureInfo.InvariantCulture, $"{length} of {bytes.Length} bytes are left, seed {Seed}");
            var isInSeal = pattern.StartsWith("MANIFEST", StringComparison.Ordinal) && length >= bytes.Length - SealBytes;
            Assert.True(IsNoticed(path, bytes[..length], story) || isInSeal, $"nobody noticed that {story}");
        }

        Assert.True(IsNoticed(path, [], "nothing is left"));
        File.WriteAllBytes(path, bytes);
        _ledger.AssertWhole();
    }

    [Fact]
    public void A_table_that_is_missing_is_named_and_found_again()
    {
        var (path, _) = FileOf("*.sst");
        var elsewhere = Path.Combine(Path.GetDirectoryName(_ledger.Path)!, "elsewhere");
        File.Move(path, elsewhere);

        var error = Assert.Throws<LsmException>(ReadAll);
        Assert.Equal("XX001", error.SqlState);
        Assert.Contains(Path.GetFileName(path), error.Message, StringComparison.Ordinal);

        File.Move(elsewhere, path);
        _ledger.AssertWhole();
    }

    /// <summary>Reads through a damaged file, without letting the engine write: true for a typed error, false for the rows as they were written.</summary>
    private bool IsNoticed(string path, byte[] damaged, string what)
    {
        File.WriteAllBytes(path, damaged);
        try
        {
            ReadAll();
            return false;
        }
        catch (LsmException error)
        {
            Assert.True(error.SqlState is "XX001" or "58P01", $"{Path.GetFileName(path)}, {what}: {error.SqlState} {error.Message}");
            return true;
        }
    }

    private void ReadAll()
    {
        using var connection = _ledger.Open("Mode=ReadOnly");
        Ledger.AssertWhole(connection);
        Assert.Equal("entry 1234 of the ledger", connection.ExecuteScalar<string>("SELECT name FROM ledger WHERE id = 1234"));
    }

    private (string Path, byte[] Bytes) FileOf(string pattern)
    {
        var path = Directory.EnumerateFiles(_ledger.Path, pattern).MaxBy(static file => new FileInfo(file).Length)!;
        return (path, File.ReadAllBytes(path));
    }
}
