using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Planning;

/// <summary>How the rows of a statement's table are found, and which of those are kept.</summary>
/// <param name="Table">The table.</param>
/// <param name="Path">Which keys are looked at.</param>
/// <param name="Guard">The part of the condition that no row changes, such as <c>@all = TRUE</c>; tested once. Null when there is none.</param>
/// <param name="Residual">The part of the condition that the path does not settle; tested for each row. Null when there is none.</param>
/// <param name="Order">Which way.</param>
internal sealed record TableAccess(TableSchema Table, AccessPath Path, BoundExpression? Guard, BoundExpression? Residual, ScanOrder Order);
