using LsmTree.Storage.Blocks;
using LsmTree.Storage.Tests.Tables;

namespace LsmTree.Storage.Tests.Blocks;

public sealed class BlockFormatTests
{
    [Fact]
    public void The_builder_and_the_checksum_make_the_example_of_the_format_page()
    {
        var contents = TestBlock.Contents([Entry.Put("ant", 2, "red"), Entry.Delete("ants", 1)], restartInterval: 16);
        byte[] covered = [.. contents, (byte)Compression.None];
        var checksum = BlockChecksum.ForFile(TestTable.StoreId, TestTable.FileNumber).Compute(covered, 0);
        byte[] block = [.. covered, .. BitConverter.GetBytes(checksum)];
        Assert.Equal(Convert.ToHexString(FormatPage.ReadExample("block.md")), Convert.ToHexString(block));
    }

    [Fact]
    public void A_checksum_depends_on_store_file_and_offset()
    {
        var bytes = "some block"u8;
        ulong[] checksums =
        [
            BlockChecksum.ForFile(1, 2).Compute(bytes, 3),
            BlockChecksum.ForFile(2, 2).Compute(bytes, 3),
            BlockChecksum.ForFile(1, 3).Compute(bytes, 3),
            BlockChecksum.ForFile(2, 1).Compute(bytes, 3),
            BlockChecksum.ForFile(1, 2).Compute(bytes, 4),
            BlockChecksum.ForFile(1, 2).Compute("some blocc"u8, 3),
        ];
        Assert.Equal(checksums.Length, checksums.Distinct().Count());
    }

    internal static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
