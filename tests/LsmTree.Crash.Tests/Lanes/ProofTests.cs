namespace LsmTree.Crash.Tests.Lanes;

/// <summary>Every part as a test, but for those of <see cref="ProcessProofTests"/>.</summary>
public sealed class ProofTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. Parts.All.Where(static part => !part.IsOfProcesses).Select(static part => part.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_that_is_tried_breaks_a_promise(string name) => ProofTest.Run(name, output);
}
