using System.Reflection;
using System.Runtime.CompilerServices;

namespace LsmTree.Architecture.Tests;

/// <summary>Writes what users of an assembly can name, one line each, sorted.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(char)] = "char",
        [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    public static IReadOnlyList<string> Describe(Assembly assembly)
    {
        var lines = new List<string>();
        foreach (var type in assembly.GetExportedTypes())
        {
            lines.Add(Declaration(type));
            lines.AddRange(type.IsEnum ? EnumMembers(type) : Members(type));
        }

        lines.Sort(StringComparer.Ordinal);
        return [.. lines.Distinct()];
    }

    private static string Declaration(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : type is { IsAbstract: true, IsSealed: true } ? "static class"
            : type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class";
        var parents = new List<string>();
        if (type is { IsClass: true, BaseType: { } parent } && parent != typeof(object))
        {
            parents.Add(Name(parent));
        }

        parents.AddRange(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(static face => face.IsPublic).Select(Name).Order(StringComparer.Ordinal));
        return $"{FullName(type)} ({kind}{(parents.Count == 0 || type.IsEnum ? "" : " : " + string.Join(", ", parents))})";
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        Enum.GetNames(type).Select(name => $"{FullName(type)}.{name} = {Convert.ToInt64(Enum.Parse(type, name))}");

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var member in type.GetMembers(Declared))
        {
            var line = member switch
            {
                ConstructorInfo constructor when IsVisible(constructor) && !constructor.IsStatic => $"{FullName(type)}.{type.Name.Split('`')[0]}({Parameters(constructor)})",
                MethodInfo method when IsVisible(method) && IsWritten(method) => $"{FullName(type)}.{method.Name}{Generics(method)}({Parameters(method)}) : {Annotated(method.ReturnType, Nullability.Create(method.ReturnParameter))}{Modifier(method)}",
                PropertyInfo property when Accessors(property) is { Length: > 0 } accessors => $"{FullName(type)}.{property.Name}{(property.GetIndexParameters().Length > 0 ? $"[{Parameters(property.GetIndexParameters())}]" : "")} : {Annotated(property.PropertyType, Nullability.Create(property))} {{ {accessors} }}{Modifier((property.GetMethod ?? property.SetMethod)!)}",
                FieldInfo { IsPublic: true } field => $"{FullName(type)}.{field.Name} : {Annotated(field.FieldType, Nullability.Create(field))}{(field.IsLiteral ? " (const)" : field.IsStatic ? " (static)" : "")}",
                EventInfo { AddMethod: { IsPublic: true } add } occurrence => $"{FullName(type)}.{occurrence.Name} : event {Name(occurrence.EventHandlerType!)}{Modifier(add)}",
                _ => null,
            };
            if (line is not null && member.GetCustomAttribute<CompilerGeneratedAttribute>() is null)
            {
                yield return line;
            }
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !method.DeclaringType!.IsSealed);

    private static bool IsWritten(MethodInfo method) => !method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal);

    private static string Accessors(PropertyInfo property)
    {
        var getter = property.GetMethod is { } get && IsVisible(get) ? "get;" : "";
        var setter = property.SetMethod is { } set && IsVisible(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;" : "";
        return string.Join(' ', new[] { getter, setter }.Where(static part => part.Length > 0));
    }

    private static string Modifier(MethodInfo method) => method switch
    {
        { IsStatic: true } => " (static)",
        { IsAbstract: true } => " (abstract)",
        _ when method.GetBaseDefinition() != method => " (override)",
        { IsVirtual: true, IsFinal: false } => " (virtual)",
        _ => "",
    };

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(static argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(static parameter =>
    {
        var direction = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        var fallback = parameter.HasDefaultValue ? $" = {parameter.DefaultValue switch { null => "default", string text => $"\"{text}\"", bool flag => flag ? "true" : "false", var value => value }}" : "";
        return $"{direction}{Annotated(type, Nullability.Create(parameter))} {parameter.Name}{fallback}";
    }));

    private static string Annotated(Type type, NullabilityInfo info) =>
        Name(type) + (!type.IsValueType && info.ReadState == NullabilityState.Nullable ? "?" : "");

    private static string FullName(Type type) => type.IsNested ? $"{FullName(type.DeclaringType!)}.{Name(type)}" : $"{type.Namespace}.{Name(type)}";

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return "ref " + Name(type.GetElementType()!);
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!) + "[]";
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying) + "?";
        }

        if (type.IsGenericType)
        {
            return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
        }

        return Keywords.GetValueOrDefault(type, type.Name);
    }
}
