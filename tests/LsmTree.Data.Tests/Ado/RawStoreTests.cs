using LsmTree.Storage;

namespace LsmTree.Data.Tests.Ado;

public sealed class RawStoreTests
{
    [Fact]
    public void The_raw_engine_of_a_full_connection_writes_at_normal_unless_it_is_asked_for_more()
    {
        using var directory = new TemporaryDirectory();
        using var connection = directory.Open(";Synchronous=Full");
        connection.Execute("INSERT INTO kv VALUES (1, 1)");
        var syncs = connection.Store.GetStatistics().LogSyncs;
        Assert.True(syncs > 0);

        // The table 0xffffffff is nobody's: what is written here is not seen by SQL.
        connection.Store.Put([0xff, 0xff, 0xff, 0xff, 1], "normal"u8);
        Assert.Equal(syncs, connection.Store.GetStatistics().LogSyncs);
        connection.Store.Put([0xff, 0xff, 0xff, 0xff, 1], "full"u8, Durability.Full);
        Assert.True(connection.Store.GetStatistics().LogSyncs > syncs);
        Assert.Equal(Durability.Normal, connection.Store.Options.Durability);
    }
}
