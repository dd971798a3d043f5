using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace LsmTree.Architecture.Tests;

/// <summary>Walks the instructions of a method body and gives the metadata tokens among their operands.</summary>
internal static class InstructionTokens
{
    private const int TwoByteEscape = 0xFE;

    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(static field => (OpCode)field.GetValue(null)!)
        .ToDictionary(static code => (int)(ushort)code.Value, static code => code.OperandType);

    public static IEnumerable<int> Read(BlobReader body)
    {
        var tokens = new List<int>();
        while (body.RemainingBytes > 0)
        {
            int code = body.ReadByte();
            if (code == TwoByteEscape)
            {
                code = code << 8 | body.ReadByte();
            }

            switch (Operands[code])
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    tokens.Add(body.ReadInt32());
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    body.ReadByte();
                    break;
                case OperandType.InlineVar:
                    body.ReadInt16();
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    body.ReadInt64();
                    break;
                case OperandType.InlineSwitch:
                    var targets = body.ReadInt32();
                    body.Offset += targets * sizeof(int);
                    break;
                default: // branch targets, integers, strings, single-precision numbers: four bytes
                    body.ReadInt32();
                    break;
            }
        }

        return tokens;
    }
}
