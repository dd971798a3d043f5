using LsmTree.Data;
using Microsoft.Extensions.Logging;

namespace LsmTree.Extensions.DependencyInjection;

/// <summary>Sends what a data source and its engine have to tell to a logger.</summary>
public static class LsmLoggingExtensions
{
    /// <summary>The category of slow statements.</summary>
    public const string StatementCategory = "LsmTree.Data";

    /// <summary>The category of the engine: recovery, flushes, compactions, stalls, errors in the background.</summary>
    public const string EngineCategory = "LsmTree.Storage";

    /// <summary>Logs slow statements and the engine's events. A data source of a service collection has this already when logging is registered.</summary>
    /// <param name="builder">The builder; its <see cref="LsmDataSourceBuilder.SlowStatements"/> and <see cref="LsmDataSourceBuilder.Events"/> are replaced.</param>
    /// <param name="loggerFactory">Where loggers come from.</param>
    /// <returns>The same builder.</returns>
    public static LsmDataSourceBuilder UseLoggerFactory(this LsmDataSourceBuilder builder, ILoggerFactory loggerFactory)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(loggerFactory);
        var statements = loggerFactory.CreateLogger(StatementCategory);
        builder.SlowStatements = slow => LogMessages.SlowStatement(statements, slow.DataSource, slow.Duration.TotalMilliseconds, slow.Text ?? slow.Summary, slow.Error);
        builder.Events = new LoggingEventListener(loggerFactory.CreateLogger(EngineCategory), () => builder.Name.Length > 0 ? builder.Name : builder.ConnectionStringBuilder.DataSource);
        return builder;
    }
}
