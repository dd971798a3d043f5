namespace LsmTree.Cli.Transfers;

/// <summary>How far an import is.</summary>
/// <param name="Rows">Rows in committed transactions.</param>
/// <param name="Rejected">Lines rejected.</param>
/// <param name="BytesRead">Bytes of the file read.</param>
/// <param name="BytesTotal">Bytes of the file; 0 when not known.</param>
internal readonly record struct ImportProgress(long Rows, long Rejected, long BytesRead, long BytesTotal);
