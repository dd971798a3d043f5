namespace LsmTree.Crash.Tests.Lanes;

/// <summary>The parts that wait for other processes most of the time: a collection of their own, so that they run beside the others.</summary>
public sealed class ProcessProofTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Parts.All.Where(static part => part.IsOfProcesses).Select(static part => part.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_that_is_tried_breaks_a_promise(string name) => ProofTest.Run(name, output);
}
