using System.Text.Json;
using System.Text.Json.Serialization;

namespace LsmTree.Workloads.Reports;

/// <summary>Reports as JSON: camel case, enums by name, one file each.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Write<T>(T report) => JsonSerializer.Serialize(report, s_options);

    /// <exception cref="InvalidDataException">The text is not such a report.</exception>
    public static T Read<T>(string text, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, s_options) ?? throw new InvalidDataException($"{name} holds null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{name} is not a report of this tool: {error.Message}", error);
        }
    }
}
