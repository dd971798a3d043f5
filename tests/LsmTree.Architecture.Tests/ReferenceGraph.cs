using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace LsmTree.Architecture.Tests;

/// <summary>
/// Which type of an assembly names which other type of it, read from the compiled metadata: bases, interfaces, fields, properties, signatures, locals,
/// attributes, generic constraints, and every operand of every method body.
/// </summary>
/// <remarks>
/// Nested and compiler-generated types (closures, iterators, state machines) count as the outermost type that holds them, so an edge is always
/// between two types that have a file. Constants and enum members leave no trace in a body: <see cref="FloorTests"/> reads <c>using</c> lines too.
/// </remarks>
internal sealed class ReferenceGraph
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly SortedDictionary<string, SortedSet<string>> _edges = new(StringComparer.Ordinal);

    private ReferenceGraph(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
    }

    /// <summary>From the full name of a type to the full names of those that it references; itself excluded.</summary>
    public IReadOnlyDictionary<string, SortedSet<string>> Edges => _edges;

    public IReadOnlyList<string> AssemblyReferences { get; private set; } = [];

    public static ReferenceGraph Load(string assemblyPath)
    {
        using var image = new PEReader(File.OpenRead(assemblyPath));
        var graph = new ReferenceGraph(image);
        graph.AssemblyReferences = [.. graph._metadata.AssemblyReferences.Select(handle => graph._metadata.GetString(graph._metadata.GetAssemblyReference(handle).Name)).Order(StringComparer.Ordinal)];
        foreach (var handle in graph._metadata.TypeDefinitions)
        {
            graph.Visit(handle);
        }

        return graph;
    }

    private void Visit(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var found = new SignatureCollector(_metadata);
        found.Add(type.BaseType);
        AddAttributes(found, type.GetCustomAttributes());
        AddConstraints(found, type.GetGenericParameters());
        foreach (var implementation in type.GetInterfaceImplementations())
        {
            found.Add(_metadata.GetInterfaceImplementation(implementation).Interface);
        }

        foreach (var fieldHandle in type.GetFields())
        {
            var field = _metadata.GetFieldDefinition(fieldHandle);
            field.DecodeSignature(found, null);
            AddAttributes(found, field.GetCustomAttributes());
        }

        foreach (var property in type.GetProperties())
        {
            AddAttributes(found, _metadata.GetPropertyDefinition(property).GetCustomAttributes());
        }

        foreach (var methodHandle in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(methodHandle);
            method.DecodeSignature(found, null);
            AddAttributes(found, method.GetCustomAttributes());
            AddConstraints(found, method.GetGenericParameters());
            if (method.RelativeVirtualAddress != 0)
            {
                AddBody(found, _image.GetMethodBody(method.RelativeVirtualAddress));
            }
        }

        var owner = OutermostName(handle);
        if (!owner.Contains('.'))
        {
            return; // <Module>, <PrivateImplementationDetails> and the like belong to nobody.
        }

        if (!_edges.TryGetValue(owner, out var targets))
        {
            _edges[owner] = targets = new SortedSet<string>(StringComparer.Ordinal);
        }

        targets.UnionWith(found.Types.Select(OutermostName).Where(name => name != owner && name.Contains('.')));
    }

    private void AddAttributes(SignatureCollector found, CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
        {
            found.Add(_metadata.GetCustomAttribute(attribute).Constructor);
        }
    }

    private void AddConstraints(SignatureCollector found, GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints()))
        {
            found.Add(_metadata.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void AddBody(SignatureCollector found, MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(found, null);
        }

        foreach (var region in body.ExceptionRegions)
        {
            found.Add(region.CatchType);
        }

        foreach (var token in InstructionTokens.Read(body.GetILReader()))
        {
            found.Add(MetadataTokens.EntityHandle(token));
        }
    }

    private string OutermostName(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }

        var space = _metadata.GetString(type.Namespace);
        var name = _metadata.GetString(type.Name);
        return space.Length == 0 ? name : $"{space}.{name}";
    }
}
