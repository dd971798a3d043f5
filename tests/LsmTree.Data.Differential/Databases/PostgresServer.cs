using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LsmTree.Data.Differential.Databases;

/// <summary>A PostgreSQL server of this test run, where PostgreSQL is installed; see postgres.sh.</summary>
public sealed class PostgresServer : IDisposable
{
    private const int NotInstalled = 77;

    private readonly string _directory = Path.Combine(Path.GetTempPath(), "lsmtree-postgres-" + Path.GetRandomFileName());
    private int _schemas;

    public PostgresServer()
    {
        if (OperatingSystem.IsWindows())
        {
            Absence = "the script that starts PostgreSQL is for Unix";
            return;
        }

        var port = FreePort();
        var (status, output) = Run("start", port.ToString(CultureInfo.InvariantCulture));
        if (status != 0)
        {
            Absence = output.Trim();
            Assert.True(status == NotInstalled, $"PostgreSQL is installed but did not start: {output}");
            return;
        }

        ConnectionString = $"Host=127.0.0.1;Port={port};Username=lsmtree;Database=postgres;SSL Mode=Disable;GSS Encryption Mode=Disable;Timeout=60;Command Timeout=120";
    }

    /// <summary>Why there is no server; null when there is one.</summary>
    public string? Absence { get; }

    public string ConnectionString { get; } = "";

    internal IDatabase CreateDatabase() => new PostgresDatabase(ConnectionString, $"story{Interlocked.Increment(ref _schemas)}");

    public void Dispose()
    {
        if (ConnectionString.Length > 0)
        {
            Npgsql.NpgsqlConnection.ClearAllPools();
            Run("stop");
        }
    }

    private (int Status, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "Databases", "postgres.sh"), arguments[0], _directory, .. arguments[1..]])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();

        // The server inherits the pipes, so their end is not the script's: only the script itself is waited for.
        var output = new System.Text.StringBuilder();
        process.OutputDataReceived += (_, line) => output.AppendLine(line.Data);
        process.ErrorDataReceived += (_, line) => output.AppendLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit(TimeSpan.FromMinutes(5));
        return (process.ExitCode, output.ToString());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
