using LsmTree.Data.Schemas;
using LsmTree.Data.Syntax;
using LsmTree.Data.Values;

namespace LsmTree.Data.Planning;

/// <summary>The columns of what SHOW and VERIFY give.</summary>
internal static class ShowColumns
{
    public static IReadOnlyList<ResultColumn> Verify { get; } = [Column("file", SqlType.Text), Column("offset", SqlType.Int64), Column("problem", SqlType.Text)];

    public static IReadOnlyList<ResultColumn> Of(ShowTopic topic) => topic switch
    {
        ShowTopic.Tables => [Column("table_name", SqlType.Text), Column("columns", SqlType.Int32), Column("primary_key", SqlType.Text)],
        ShowTopic.Columns =>
        [
            Column("column_name", SqlType.Text), Column("type", SqlType.Text), Column("nullable", SqlType.Boolean),
            new ResultColumn("key_position", SqlType.Int32, SqlTypes.NameOf(SqlType.Int32)),
        ],
        ShowTopic.Stats => [Column("name", SqlType.Text), new ResultColumn("value", SqlType.Any, SqlTypes.NameOf(SqlType.Any))],
        ShowTopic.Levels =>
        [
            Column("level", SqlType.Int32), Column("tables", SqlType.Int32), Column("bytes", SqlType.Int64), Column("target_bytes", SqlType.Int64),
            Column("entries", SqlType.Int64), Column("tombstones", SqlType.Int64), Column("compactions", SqlType.Int64), Column("bytes_read", SqlType.Int64),
            Column("bytes_written", SqlType.Int64), Column("compaction_milliseconds", SqlType.Int64),
        ],
        ShowTopic.Version => [Column("version", SqlType.Text)],
        _ => throw new ArgumentOutOfRangeException(nameof(topic)),
    };

    private static ResultColumn Column(string name, SqlType type) => new(name, type, SqlTypes.NameOf(type), Nullable: false);
}
