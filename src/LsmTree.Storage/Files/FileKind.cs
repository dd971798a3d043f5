namespace LsmTree.Storage.Files;

/// <summary>What a file of a store's directory is, as its name says.</summary>
internal enum FileKind
{
    /// <summary>An immutable sorted file: <c>000007.sst</c>.</summary>
    Table,

    /// <summary>A write-ahead log: <c>000007.log</c>.</summary>
    Log,

    /// <summary>The list of live tables: <c>MANIFEST-000007</c>.</summary>
    Manifest,

    /// <summary>Names the manifest in force: <c>CURRENT</c>.</summary>
    Current,

    /// <summary>The next <c>CURRENT</c> before its rename: <c>CURRENT.tmp</c>.</summary>
    CurrentTemporary,

    /// <summary>The file whose lock guards the directory: <c>LOCK</c>.</summary>
    Lock,

    /// <summary>The settings of the last run, for people: <c>OPTIONS</c>.</summary>
    Options,

    /// <summary>The next <c>OPTIONS</c> before its rename: <c>OPTIONS.tmp</c>.</summary>
    OptionsTemporary,

    /// <summary>Says that the directory is the unfinished target of a restore, checkpoint or repair: <c>RESTORING</c>. Beside a <c>CURRENT</c> it says nothing.</summary>
    Restoring,
}
