using System.Data.Common;
using System.Globalization;
using LsmTree.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace LsmTree.Extensions.DependencyInjection;

/// <summary>Registers a store with a service collection.</summary>
/// <remarks>
/// The data source is a singleton, which keeps the engine open for the life of the container and closes it with the container. Connections are
/// transient: whoever asks for one gets its own, closed, and the scope disposes it. When logging is registered, slow statements and the engine's
/// events are logged (<see cref="LsmLoggingExtensions.UseLoggerFactory"/>).
/// </remarks>
public static class LsmServiceCollectionExtensions
{
    private const string SlowStatementThreshold = "SlowStatementThreshold";

    /// <summary>Registers <see cref="LsmDataSource"/>, <see cref="DbDataSource"/>, <see cref="LsmConnection"/> and <see cref="DbConnection"/>.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="connectionString">The connection string, for example <c>Data Source=./data</c>.</param>
    /// <param name="configure">Completes the builder when the data source is first asked for; null for nothing.</param>
    /// <returns>The same service collection.</returns>
    /// <exception cref="ArgumentException">A keyword of the connection string is unknown or a value does not fit.</exception>
    public static IServiceCollection AddLsmDataSource(this IServiceCollection services, string connectionString, Action<LsmDataSourceBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        _ = new LsmConnectionStringBuilder(connectionString); // a mistake shows here, where it was made
        return services.AddLsmDataSource((_, builder) =>
        {
            builder.ConnectionStringBuilder.ConnectionString = connectionString;
            configure?.Invoke(builder);
        });
    }

    /// <summary>As <see cref="AddLsmDataSource(IServiceCollection, string, Action{LsmDataSourceBuilder})"/>, with the services at hand.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Fills the builder when the data source is first asked for.</param>
    /// <returns>The same service collection.</returns>
    public static IServiceCollection AddLsmDataSource(this IServiceCollection services, Action<IServiceProvider, LsmDataSourceBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.TryAddSingleton(provider => Build(provider, configure));
        services.TryAddSingleton<DbDataSource>(static provider => provider.GetRequiredService<LsmDataSource>());
        services.TryAddTransient(static provider => provider.GetRequiredService<LsmDataSource>().CreateConnection());
        services.TryAddTransient<DbConnection>(static provider => provider.GetRequiredService<LsmConnection>());
        return services;
    }

    /// <summary>
    /// As <see cref="AddLsmDataSource(IServiceCollection, string, Action{LsmDataSourceBuilder})"/>, from a section of the configuration: its keys are
    /// the keywords of a connection string, and <c>SlowStatementThreshold</c> (a time span).
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="section">The section, for example <c>{ "DataSource": "./data", "MemoryBudget": "256MB", "SlowStatementThreshold": "00:00:00.1" }</c>.</param>
    /// <param name="configure">Completes the builder when the data source is first asked for; null for nothing.</param>
    /// <returns>The same service collection.</returns>
    /// <exception cref="ArgumentException">A key is unknown or a value does not fit; the message names the section.</exception>
    public static IServiceCollection AddLsmDataSource(this IServiceCollection services, IConfigurationSection section, Action<LsmDataSourceBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        Bind(section, new LsmDataSourceBuilder()); // a mistake shows here, at the start of the application
        return services.AddLsmDataSource((_, builder) =>
        {
            Bind(section, builder);
            configure?.Invoke(builder);
        });
    }

    /// <summary>Registers a store under a key, beside others.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="serviceKey">The key.</param>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="configure">Completes the builder when the data source is first asked for; null for nothing.</param>
    /// <returns>The same service collection.</returns>
    /// <exception cref="ArgumentException">A keyword of the connection string is unknown or a value does not fit.</exception>
    public static IServiceCollection AddKeyedLsmDataSource(this IServiceCollection services, object serviceKey, string connectionString, Action<LsmDataSourceBuilder>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(serviceKey);
        _ = new LsmConnectionStringBuilder(connectionString);
        services.TryAddKeyedSingleton(serviceKey, (provider, _) => Build(provider, (_, builder) =>
        {
            builder.ConnectionStringBuilder.ConnectionString = connectionString;
            configure?.Invoke(builder);
        }));
        services.TryAddKeyedSingleton<DbDataSource>(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<LsmDataSource>(key));
        services.TryAddKeyedTransient(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<LsmDataSource>(key).CreateConnection());
        services.TryAddKeyedTransient<DbConnection>(serviceKey, static (provider, key) => provider.GetRequiredKeyedService<LsmConnection>(key));
        return services;
    }

    private static LsmDataSource Build(IServiceProvider provider, Action<IServiceProvider, LsmDataSourceBuilder> configure)
    {
        var builder = new LsmDataSourceBuilder();
        if (provider.GetService<ILoggerFactory>() is { } loggers)
        {
            builder.UseLoggerFactory(loggers);
        }

        configure(provider, builder);
        return builder.Build();
    }

    private static void Bind(IConfigurationSection section, LsmDataSourceBuilder builder)
    {
        foreach (var setting in section.GetChildren())
        {
            try
            {
                if (setting.Key.Equals(SlowStatementThreshold, StringComparison.OrdinalIgnoreCase))
                {
                    builder.SlowStatementThreshold = ToTime(setting.Value);
                }
                else
                {
                    builder.ConnectionStringBuilder[setting.Key] = setting.Value;
                }
            }
            catch (ArgumentException error)
            {
                throw new ArgumentException($"The setting {setting.Path} does not fit: {error.Message}", nameof(section), error);
            }
        }

        if (builder.ConnectionStringBuilder.DataSource.Length == 0)
        {
            throw new ArgumentException($"The section {section.Path} of the configuration names no DataSource.", nameof(section));
        }
    }

    private static TimeSpan ToTime(string? value) => TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out var time)
        ? time
        : throw new ArgumentException($"'{value}' is no time span; expected is, for example, '00:00:00.100'.", nameof(value));
}
