using LsmTree.Data.Expressions;
using LsmTree.Data.Schemas;

namespace LsmTree.Data.Planning;

internal sealed record ColumnAssignment(ColumnSchema Column, BoundExpression Value);
