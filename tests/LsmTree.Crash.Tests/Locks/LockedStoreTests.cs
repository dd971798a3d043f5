using System.Globalization;
using LsmTree.Crash.Tests.Children;
using LsmTree.Data;

namespace LsmTree.Crash.Tests.Locks;

/// <summary>A directory that another process has open for writing.</summary>
public sealed class LockedStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lsmtree-locked-").FullName;

    private string Store => Path.Combine(_root, "store");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_store_in_use_is_refused_with_the_holders_id_and_is_free_after_its_end()
    {
        using var holder = HoldStore();

        var error = Assert.Throws<LsmException>(() => ValueOf("Mode=ReadWrite;Default Timeout=1"));

        Assert.Equal(LsmErrorCode.StoreLocked, error.Code);
        Assert.Equal("55P03", error.SqlState);
        Assert.True(error.IsTransient);
        Assert.Contains(holder.Id.ToString(CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);
        Assert.False(holder.HasExited);

        holder.Input.WriteLine("UPSERT INTO kv (k, v) VALUES ('held', 'still');");
        holder.Input.Close();
        var (status, text) = holder.WaitForExit();
        Assert.True(status == 0, text);
        Assert.Equal("still", ValueOf("Mode=ReadWrite;Default Timeout=1"));
    }

    [Fact]
    public void A_killed_holder_holds_nothing()
    {
        using var holder = HoldStore();
        Assert.True(holder.Kill());

        Assert.Equal("yes", ValueOf("Mode=ReadWrite;Default Timeout=1"));
    }

    /// <summary>
    /// Starts a shell on the store that waits for its next line, and reads without a pause until what it wrote is there: a reader may come at any
    /// moment of the making of a store.
    /// </summary>
    private LsmTreeProcess HoldStore()
    {
        var holder = LsmTreeProcess.Start(Store);
        holder.Input.WriteLine("UPSERT INTO kv (k, v) VALUES ('held', 'yes');");
        holder.Input.Flush();
        while (!IsWritten())
        {
            Assert.False(holder.HasExited);
        }

        return holder;
    }

    private bool IsWritten()
    {
        try
        {
            return ValueOf("Mode=ReadOnly") is "yes";
        }
        catch (LsmException error) when (error.Code == LsmErrorCode.NotAStore)
        {
            return false; // The process is still making it.
        }
    }

    private object? ValueOf(string more)
    {
        using var connection = new LsmConnection($"Data Source={Store};Pooling=false;{more}");
        connection.Open();
        using var select = connection.CreateCommand();
        select.CommandText = "SELECT v FROM kv WHERE k = 'held'";
        return select.ExecuteScalar();
    }
}
