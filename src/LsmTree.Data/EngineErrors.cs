using System.Diagnostics.CodeAnalysis;
using LsmTree.Data.Execution;
using LsmTree.Storage;

namespace LsmTree.Data;

/// <summary>The last gate: whatever the engine threw leaves the provider as an <see cref="LsmException"/>.</summary>
internal static class EngineErrors
{
    /// <summary>False when the error is the caller's business as it is: misuse, a cancelled token, an LsmException.</summary>
    public static bool TryTranslate(Exception error, [NotNullWhen(true)] out Exception? translated)
    {
        var result = Translate(error);
        translated = ReferenceEquals(result, error) ? null : result;
        return translated is not null;
    }

    public static Exception Translate(Exception error) => error switch
    {
        StoreException engine => StoreErrors.Translate(engine),
        IOException io => StoreErrors.Translate(io),
        UnauthorizedAccessException denied => StoreErrors.Translate(denied),
        _ => error,
    };
}
