namespace LsmTree.Workloads.Scaling;

/// <summary>A store after one phase of a space run.</summary>
/// <param name="Phase">What was done.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="LiveBytes">Bytes of the keys and values that a reader sees.</param>
/// <param name="FileBytes">Bytes of tables, held ones included, and logs.</param>
/// <param name="WriteAmplification">Bytes written to files for each byte put, since the start.</param>
/// <param name="ResidentBytes">Resident memory, the most that was seen in the phase.</param>
internal sealed record SpaceSample(string Phase, double Seconds, long LiveBytes, long FileBytes, double WriteAmplification, long ResidentBytes)
{
    /// <summary>Bytes of files for each live byte.</summary>
    public double SpaceAmplification => LiveBytes == 0 ? 1 : (double)FileBytes / LiveBytes;
}
