using System.Diagnostics.CodeAnalysis;
using LsmTree.Storage;

namespace LsmTree.Data.Execution;

/// <summary>What the engine throws, as the provider's users see it. The one place where this is decided.</summary>
internal static class StoreErrors
{
    /// <summary>False when the error is the caller's business as it is: misuse, a cancelled token, an LsmException.</summary>
    public static bool TryTranslate(Exception error, [NotNullWhen(true)] out LsmException? translated)
    {
        translated = error switch
        {
            StoreException engine => Translate(engine),
            IOException or UnauthorizedAccessException => new LsmException(LsmErrorCode.IoError, error.Message, inner: error),
            _ => null,
        };
        return translated is not null;
    }

    /// <summary>As <see cref="TryTranslate(Exception, out LsmException?)"/>, for what ends a statement: also when that is <paramref name="interruption"/>.</summary>
    public static bool TryTranslate(Exception error, in Interruption interruption, [NotNullWhen(true)] out LsmException? translated)
    {
        translated = error is OperationCanceledException cancelled ? interruption.Describe(cancelled) : null;
        return translated is not null || TryTranslate(error, out translated);
    }

    public static LsmException Translate(StoreException error) => error switch
    {
        StoreLockedException => new LsmException(LsmErrorCode.StoreLocked, error.Message, inner: error),
        ConflictException => new LsmException(LsmErrorCode.SerializationFailure, error.Message, inner: error),
        CorruptionException => new LsmException(LsmErrorCode.Corruption, error.Message, inner: error),
        StoreFailedException { OutcomeUnknown: true } => new LsmException(
            LsmErrorCode.CommitOutcomeUnknown, $"{error.Message} Whether this commit is found after the store has been opened again is not known", inner: error),
        StoreFailedException => new LsmException(LsmErrorCode.StoreFailed, error.Message, inner: error),
        TransactionTooLargeException => new LsmException(LsmErrorCode.OutOfMemoryBudget, error.Message, hint: "commit in smaller parts", inner: error),
        StoreFullException => new LsmException(LsmErrorCode.DiskFull, error.Message, inner: error),
        StoreFormatException => new LsmException(LsmErrorCode.NotAStore, error.Message, inner: error),
        _ => new LsmException(LsmErrorCode.Internal, error.Message, inner: error),
    };

    public static LsmException Translate(IOException error) => new(LsmErrorCode.IoError, error.Message, inner: error);
}
