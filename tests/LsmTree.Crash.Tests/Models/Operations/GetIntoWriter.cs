using System.Buffers;

namespace LsmTree.Crash.Tests.Models.Operations;

internal sealed class GetIntoWriter : Operation
{
    public override int Weight => 1200;

    public override void Run(ModelRun run, ref Dice dice)
    {
        var key = ModelKeys.Draw(ref dice);
        var writer = new ArrayBufferWriter<byte>();
        var found = run.Store.TryGet(ModelKeys.Of(key), writer);
        run.CheckValue(key, run.State[key], found, writer.WrittenSpan);
    }
}
