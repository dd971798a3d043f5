using System.Text;

namespace LsmTree.Cli.Texts;

/// <summary>Cuts a dot command into words: white space separates, single or double quotes hold together, a doubled quote stands for itself.</summary>
internal static class WordSplitter
{
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var started = false;
        for (var i = 0; i < line.Length; i++)
        {
            var current = line[i];
            if (quote != '\0')
            {
                if (current != quote)
                {
                    word.Append(current);
                }
                else if (i + 1 < line.Length && line[i + 1] == quote)
                {
                    word.Append(current);
                    i++;
                }
                else
                {
                    quote = '\0';
                }
            }
            else if (current is '\'' or '"' && word.Length == 0)
            {
                quote = current;
                started = true;
            }
            else if (!char.IsWhiteSpace(current))
            {
                word.Append(current);
                started = true;
            }
            else if (started)
            {
                words.Add(word.ToString());
                word.Clear();
                started = false;
            }
        }

        if (started)
        {
            words.Add(word.ToString());
        }

        return words;
    }
}
