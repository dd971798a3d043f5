using System.Reflection;

namespace LsmTree.Architecture.Tests;

/// <summary>The public surface of each library as a text file: a change of it is a difference to review.</summary>
public sealed class PublicApiTests
{
    private const string RewriteVariable = "LSMTREE_REWRITE";

    public static TheoryData<string> Libraries() => [.. Repository.Libraries.Keys];

    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_surface_is_the_reviewed_one(string project)
    {
        var relative = $"tests/LsmTree.Architecture.Tests/PublicApi/{project}.txt";
        var path = Path.Combine(Repository.Root, relative);
        var actual = PublicSurface.Describe(Assembly.LoadFrom(Repository.Libraries[project]));
        if (Environment.GetEnvironmentVariable(RewriteVariable) == "1")
        {
            File.WriteAllLines(path, actual);
        }

        var reviewed = File.Exists(path) ? File.ReadAllLines(path) : [];
        var added = actual.Except(reviewed).Select(static line => "+ " + line);
        var removed = reviewed.Except(actual).Select(static line => "- " + line);
        Assert.True(actual.SequenceEqual(reviewed),
            $"The public surface of {project} is not the one in {relative}. Review the difference; when it is meant, run these tests with {RewriteVariable}=1 and commit the file.{Environment.NewLine}{string.Join(Environment.NewLine, removed.Concat(added))}");
    }

    [Fact]
    public void A_member_is_described_with_its_types()
    {
        var lines = PublicSurface.Describe(typeof(Storage.LsmStore).Assembly);

        Assert.Contains("LsmTree.Storage.WriteBatch.Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) : void", lines);
        Assert.Contains("LsmTree.Storage.Durability.Full = 2", lines);
        Assert.Contains("LsmTree.Storage.WriteBatch (sealed class)", lines);
    }
}
