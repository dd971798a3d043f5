namespace LsmTree.Workloads.Numbers;

/// <summary>One of the ways in which <see cref="Quantity"/> reads a number.</summary>
internal delegate bool QuantityReader(string text, out long value);
