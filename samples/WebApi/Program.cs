using LsmTree.Data;
using LsmTree.Extensions.DependencyInjection;
using WebApiSample;

// dotnet run --project samples/WebApi -- --urls http://127.0.0.1:5080
var builder = WebApplication.CreateBuilder(args);

// The data source is a singleton that holds the engine; LsmConnection is transient. Logging and metrics are wired.
builder.Services.AddLsmDataSource(builder.Configuration.GetSection("Store"));
builder.Services.AddHealthChecks().Add(LsmHealthCheck.Registration("store"));
builder.Services.AddTransient<PackageStore>();
builder.Services.AddSingleton<MetricsReadout>();

var app = builder.Build();
app.Services.GetRequiredService<MetricsReadout>(); // listens from here on
await PackageStore.CreateAsync(app.Services.GetRequiredService<LsmDataSource>());

app.MapGet("/packages/{name}", async (string name, PackageStore store) =>
    await store.FindAsync(name) is { } package ? Results.Ok(package) : Results.NotFound());

app.MapGet("/packages", (PackageStore store, string from = "", string to = "\uFFFF", int limit = 20) =>
    store.RangeAsync(from, to, Math.Clamp(limit, 1, 1000)));

app.MapPost("/packages", async (Package[] packages, PackageStore store, CancellationToken cancellation) =>
{
    await store.PutAsync(packages, cancellation);
    return Results.Created("/packages", packages.Length);
});

app.MapHealthChecks("/health");
app.MapGet("/metrics", (MetricsReadout metrics) => metrics.Read());
app.Run();
