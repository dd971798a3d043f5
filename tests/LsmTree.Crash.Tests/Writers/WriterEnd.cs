namespace LsmTree.Crash.Tests.Writers;

/// <summary>How a writing process came to its end.</summary>
internal enum WriterEnd
{
    /// <summary>It closed its store.</summary>
    ByItself,

    /// <summary>It was killed, and the kernel lived on.</summary>
    Killed,

    /// <summary>The disk was taken away under it.</summary>
    DiskTakenAway,
}
