namespace LsmTree.Cli.Results;

/// <summary>How rows are written.</summary>
internal enum OutputFormat
{
    /// <summary>In aligned columns, for people.</summary>
    Table,

    /// <summary>Tab-separated, with a header line, as <c>import</c> reads it.</summary>
    Tsv,

    /// <summary>Comma-separated after RFC 4180, with a header line. NULL is nothing, the empty text is <c>""</c>.</summary>
    Csv,

    /// <summary>An array of objects, one to a line.</summary>
    Json,
}
