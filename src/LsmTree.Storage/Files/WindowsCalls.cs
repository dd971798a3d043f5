using System.Runtime.InteropServices;

namespace LsmTree.Storage.Files;

/// <summary>The one call of Windows that the base library lacks.</summary>
internal static partial class WindowsCalls
{
    private const int InvalidFunction = 1;
    private const int NotSameDevice = 17;
    private const int NotSupported = 50;
    private const int TooManyLinks = 1142;

    /// <summary>Creates a second name for a file; false when the volume cannot.</summary>
    public static bool TryCreateHardLink(string existing, string link)
    {
        if (CreateHardLink(link, existing, 0))
        {
            return true;
        }

        var error = Marshal.GetLastPInvokeError();
        return error is InvalidFunction or NotSameDevice or NotSupported or TooManyLinks
            ? false
            : throw new IOException($"linking as {link} of {existing} failed: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).", error);
    }

    [LibraryImport("kernel32", EntryPoint = "CreateHardLinkW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CreateHardLink(string link, string existing, nint securityAttributes);
}
