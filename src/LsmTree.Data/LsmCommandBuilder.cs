using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LsmTree.Data;

/// <summary>Writes the INSERT, UPDATE and DELETE of an adapter from its SELECT, which must give the key of one table.</summary>
public sealed class LsmCommandBuilder : DbCommandBuilder
{
    /// <summary>A builder without adapter.</summary>
    public LsmCommandBuilder() : this(null)
    {
    }

    /// <summary>A builder for an adapter.</summary>
    /// <param name="adapter">The adapter.</param>
    public LsmCommandBuilder(LsmDataAdapter? adapter)
    {
        base.QuotePrefix = "\"";
        base.QuoteSuffix = "\"";
        DataAdapter = adapter;
    }

    /// <inheritdoc cref="DbCommandBuilder.DataAdapter"/>
    public new LsmDataAdapter? DataAdapter
    {
        get => (LsmDataAdapter?)base.DataAdapter;
        set => base.DataAdapter = value;
    }

    /// <summary>What a quoted identifier begins with: <c>"</c>, <c>[</c> or <c>`</c>. Default: <c>"</c>.</summary>
    /// <exception cref="ArgumentException">Set to anything else.</exception>
    [AllowNull]
    public override string QuotePrefix
    {
        get => base.QuotePrefix;
        set => base.QuotePrefix = value is "\"" or "[" or "`" ? value : throw NoQuote(value);
    }

    /// <summary>What a quoted identifier ends with: <c>"</c>, <c>]</c> or <c>`</c>. Default: <c>"</c>.</summary>
    /// <exception cref="ArgumentException">Set to anything else.</exception>
    [AllowNull]
    public override string QuoteSuffix
    {
        get => base.QuoteSuffix;
        set => base.QuoteSuffix = value is "\"" or "]" or "`" ? value : throw NoQuote(value);
    }

    /// <summary>The identifier in quotes.</summary>
    /// <param name="unquotedIdentifier">The identifier.</param>
    public override string QuoteIdentifier(string unquotedIdentifier)
    {
        ArgumentNullException.ThrowIfNull(unquotedIdentifier);
        return QuotePrefix + unquotedIdentifier.Replace(QuoteSuffix, QuoteSuffix + QuoteSuffix, StringComparison.Ordinal) + QuoteSuffix;
    }

    /// <summary>The identifier without quotes.</summary>
    /// <param name="quotedIdentifier">The identifier, in quotes or not.</param>
    public override string UnquoteIdentifier(string quotedIdentifier)
    {
        ArgumentNullException.ThrowIfNull(quotedIdentifier);
        return quotedIdentifier.Length >= 2 && quotedIdentifier.StartsWith(QuotePrefix, StringComparison.Ordinal) && quotedIdentifier.EndsWith(QuoteSuffix, StringComparison.Ordinal)
            ? quotedIdentifier[1..^1].Replace(QuoteSuffix + QuoteSuffix, QuoteSuffix, StringComparison.Ordinal)
            : quotedIdentifier;
    }

    /// <inheritdoc/>
    protected override void ApplyParameterInfo(DbParameter parameter, DataRow row, StatementType statementType, bool whereClause)
    {
        ((LsmDbParameter)parameter).LsmType = (LsmType)(int)row[SchemaTableColumn.ProviderType];
        parameter.IsNullable = (bool)row[SchemaTableColumn.AllowDBNull];
    }

    /// <inheritdoc/>
    protected override string GetParameterName(int parameterOrdinal) => "@p" + parameterOrdinal.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected override string GetParameterName(string parameterName) => "@" + parameterName;

    /// <inheritdoc/>
    protected override string GetParameterPlaceholder(int parameterOrdinal) => GetParameterName(parameterOrdinal);

    /// <inheritdoc/>
    protected override void SetRowUpdatingHandler(DbDataAdapter adapter)
    {
        var ours = (LsmDataAdapter)adapter;
        if (ReferenceEquals(ours, base.DataAdapter))
        {
            ours.RowUpdating -= OnRowUpdating; // the base class calls with the present adapter to let go of it
        }
        else
        {
            ours.RowUpdating += OnRowUpdating;
        }
    }

    private static ArgumentException NoQuote(string? value) => new($"'{value}' does not quote an identifier; use \", [ ] or `.", nameof(value));

    private void OnRowUpdating(object? sender, RowUpdatingEventArgs updating) => RowUpdatingHandler(updating);
}
