namespace LsmTree.Workloads.Scaling;

/// <summary>The parts of a scale run, in their order.</summary>
internal enum ScalePhase
{
    /// <summary>Every key is put, in shuffled order.</summary>
    Load,

    /// <summary>Keys chosen at random are put again.</summary>
    Overwrite,

    /// <summary>Keys chosen at random are read.</summary>
    Read,
}
