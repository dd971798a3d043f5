using LsmTree.Storage.Memory;

namespace LsmTree.Storage.Tests.Memory;

public sealed class NativeNumbersTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(200_000)]
    public void Numbers_come_back_in_the_order_in_which_they_were_added(int count)
    {
        using var numbers = new NativeNumbers();
        for (var use = 0; use < 2; use++)
        {
            for (var i = 0; i < count; i++)
            {
                numbers.Add((ulong)i * 3);
            }

            Assert.Equal(count, numbers.Count);
            var next = 0UL;
            for (var piece = 0; piece < numbers.PieceCount; piece++)
            {
                foreach (var number in numbers.Piece(piece))
                {
                    Assert.Equal(next, number);
                    next += 3;
                }
            }

            Assert.Equal((ulong)count * 3, next);
            numbers.Dispose();
            Assert.Equal(0, numbers.PieceCount);
        }
    }
}
