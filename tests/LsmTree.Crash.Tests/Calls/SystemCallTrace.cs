using System.Globalization;
using System.Text.RegularExpressions;
using LsmTree.Crash.Tests.Children;

namespace LsmTree.Crash.Tests.Calls;

/// <summary>strace(1): tells which system calls a process makes on a directory, and kills one at the n-th of them.</summary>
/// <remarks>
/// strace counts the calls of each thread for itself. So the n-th call is the n-th of the thread that comes to it first; a place is told by the call and
/// its number in the thread that made it. The kill strikes when the call begins: it is not carried out.
/// </remarks>
internal static partial class SystemCallTrace
{
    /// <summary>What changes a directory or a file, and what opens, maps and reserves one.</summary>
    public static IReadOnlyList<string> Calls { get; } =
        ["fsync", "fdatasync", "pwrite64", "pwritev", "write", "rename", "renameat", "renameat2", "unlink", "unlinkat", "ftruncate", "fallocate", "openat", "mkdir", "flock", "mmap", "munmap", "msync"];

    private static readonly string[] s_always = ["-f", "-qq"];

    /// <summary>Runs the process to its end. Each place of a call that named something below the directory; nothing and the reason where tracing does not work.</summary>
    public static IReadOnlyList<SystemCallPlace> Places(IReadOnlyList<string> command, string directory, string log, out string reason)
    {
        var (status, text) = Command.Run("strace", [.. s_always, "--seccomp-bpf", "-y", "-o", log, "-e", $"trace={string.Join(',', Calls)}", .. command]);
        if (status != 0)
        {
            reason = $"strace ended with {status}: {text.Trim()}";
            return [];
        }

        reason = "";
        var counts = new Dictionary<(string Thread, string Call), int>();
        var places = new HashSet<SystemCallPlace>();
        foreach (var line in File.ReadLines(log))
        {
            if (Line().Match(line) is not { Success: true } match)
            {
                continue; // the end of a call whose beginning had a line of its own, or of a thread
            }

            var counted = (match.Groups["thread"].Value, match.Groups["call"].Value);
            counts[counted] = counts.GetValueOrDefault(counted) + 1;
            if (line.Contains(directory, StringComparison.Ordinal))
            {
                places.Add(new SystemCallPlace(counted.Item2, counts[counted]));
            }
        }

        return [.. places.OrderBy(static place => place.Call, StringComparer.Ordinal).ThenBy(static place => place.Number)];
    }

    /// <summary>The command that runs another one and kills it at the place. (With --seccomp-bpf strace would inject nothing.)</summary>
    public static (string File, IReadOnlyList<string> Arguments) Killing(SystemCallPlace place, IReadOnlyList<string> command) =>
        ("strace", [.. s_always, "-o", "/dev/null", "-e", $"trace={place.Call}",
            "-e", string.Create(CultureInfo.InvariantCulture, $"inject={place.Call}:signal=SIGKILL:when={place.Number}"), .. command]);

    [GeneratedRegex(@"^(?<thread>\d+) +(?<call>[a-z0-9_]+)\(")]
    private static partial Regex Line();
}
