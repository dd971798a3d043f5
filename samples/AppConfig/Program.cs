using System.Configuration;
using System.Data;
using System.Data.Common;
using LsmTree.Data;

// An application that knows its database by a name in App.config, and its provider by the name that stands there. Nothing below names a type of
// LsmTree but the one line that registers it.
DbProviderFactories.RegisterFactory(LsmProviderFactory.InvariantName, LsmProviderFactory.Instance);

// |DataDirectory| in a connection string is this; without it, the application's own directory.
AppDomain.CurrentDomain.SetData("DataDirectory", args is [var directory] ? directory : Path.Combine(Path.GetTempPath(), "lsmtree-appconfig"));

using (var orders = Open("Orders"))
{
    using var create = orders.CreateCommand();
    create.CommandText = "CREATE TABLE IF NOT EXISTS orders (id BIGINT PRIMARY KEY, customer TEXT NOT NULL, total DECIMAL(12,2))";
    create.ExecuteNonQuery();

    using (var transaction = orders.BeginTransaction())
    {
        Insert(transaction, 1, "Ann", 12.50m);
        Insert(transaction, 2, "Ben", 99.99m);
        transaction.Commit();
    }

    // DataSet code of any age works too: the command builder writes the UPDATE.
    var factory = DbProviderFactories.GetFactory(orders)!;
    using var adapter = factory.CreateDataAdapter()!;
    using var builder = factory.CreateCommandBuilder()!;
    adapter.SelectCommand = orders.CreateCommand();
    adapter.SelectCommand.CommandText = "SELECT id, customer, total FROM orders ORDER BY id";
    builder.DataAdapter = adapter;
    var table = new DataTable();
    adapter.Fill(table);
    table.Rows[0]["total"] = 13.00m;
    Console.WriteLine($"{adapter.Update(table)} row updated");

    using var reader = adapter.SelectCommand.ExecuteReader();
    while (reader.Read())
    {
        Console.WriteLine(FormattableString.Invariant($"{reader.GetInt64(0)} {reader.GetString(1)} {reader.GetDecimal(2)}"));
    }

    Console.WriteLine($"in {orders.DataSource}");
}

using (var scratch = Open("Scratch"))
{
    using var count = scratch.CreateCommand();
    count.CommandText = "SELECT COUNT(*) FROM kv";
    Console.WriteLine($"scratch holds {count.ExecuteScalar()} rows");
}

static DbConnection Open(string name)
{
    var settings = ConfigurationManager.ConnectionStrings[name] ?? throw new InvalidOperationException($"App.config has no connection string '{name}'.");
    var connection = DbProviderFactories.GetFactory(settings.ProviderName).CreateConnection()!;
    connection.ConnectionString = settings.ConnectionString;
    connection.Open();
    return connection;
}

static void Insert(DbTransaction transaction, long id, string customer, decimal total)
{
    using var command = transaction.Connection!.CreateCommand();
    command.Transaction = transaction;
    command.CommandText = "UPSERT INTO orders (id, customer, total) VALUES (@id, @customer, @total)";
    Add("id", id);
    Add("customer", customer);
    Add("total", total);
    command.ExecuteNonQuery();

    void Add(string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
