namespace LsmTree.Crash.Tests.Planting;

/// <summary>How one test ended, one row of a theory for itself.</summary>
internal sealed record TestOutcome(string Test, string Result, string ExceptionType, string Message)
{
    public bool IsPassed => Result == "Pass";

    public bool IsFailed => Result == "Fail";

    /// <summary>True when it failed before it came to its point: the assembly could not be loaded, or does not fit.</summary>
    public bool IsBroken => ExceptionType is "System.TypeLoadException" or "System.BadImageFormatException" or "System.MissingMethodException"
        or "System.MissingFieldException" or "System.TypeInitializationException" or "System.IO.FileLoadException";
}
