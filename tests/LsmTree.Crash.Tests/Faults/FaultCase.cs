using System.Globalization;

namespace LsmTree.Crash.Tests.Faults;

/// <summary>One operation of one script that is refused in one way.</summary>
internal readonly record struct FaultCase(string Script, string Set, long At, SimFault Fault, bool Sticky)
{
    public string Words => string.Create(CultureInfo.InvariantCulture, $"\"script={Script}\" options={Set} at={At} fault={Fault.Name} sticky={Sticky}");

    public override string ToString() => Words;
}
