using System.Data.Common;
using LsmTree.Data;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LsmTree.Extensions.DependencyInjection;

/// <summary>Registers a store with a service collection.</summary>
/// <remarks>
/// The data source is a singleton, which keeps the engine open for the life of the container and closes it with the container. Connections are
/// transient: whoever asks for one gets its own, closed, and the scope disposes it.
/// </remarks>
public static class LsmServiceCollectionExtensions
{
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
        configure(provider, builder);
        return builder.Build();
    }
}
