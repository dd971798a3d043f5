using System.Diagnostics.CodeAnalysis;
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
        ConflictException => new LsmException(LsmErrorCode.SerializationFailure, error.Message, inner: error),
        StoreLockedException => new LsmException(LsmErrorCode.StoreLocked, error.Message, inner: error),
        StoreFullException => new LsmException(LsmErrorCode.DiskFull, error.Message, inner: error),
        CorruptionException => new LsmException(LsmErrorCode.Corruption, error.Message, inner: error),
        StoreFormatException => new LsmException(LsmErrorCode.NotAStore, error.Message, inner: error),
        StoreFailedException { OutcomeUnknown: true } => new LsmException(LsmErrorCode.CommitOutcomeUnknown, error.Message, inner: error),
        StoreFailedException => new LsmException(LsmErrorCode.StoreFailed, error.Message, inner: error),
        IOException or UnauthorizedAccessException => new LsmException(LsmErrorCode.IoError, error.Message, inner: error),
        _ => error,
    };
}
