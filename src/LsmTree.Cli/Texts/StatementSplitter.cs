using System.Text;

namespace LsmTree.Cli.Texts;

/// <summary>Cuts a text that arrives line by line into statements at its semicolons.</summary>
/// <remarks>
/// <para>A semicolon inside <c>'text'</c>, <c>"name"</c>, <c>`name`</c>, <c>[name]</c>, <c>-- comment</c> or <c>/* comment */</c> ends nothing. A doubled quote inside
/// quotes needs no case of its own: it closes and opens again.</para>
/// <para>A statement keeps its inner line breaks and comments, so that the place in an error message counts from its first line.</para>
/// </remarks>
internal sealed class StatementSplitter
{
    private const char Outside = '\0';
    private const char LineComment = '-';
    private const char BlockComment = '*';

    private readonly StringBuilder _pending = new();
    private readonly Queue<SqlStatement> _complete = new();
    private char _until = Outside;
    private int _line;
    private int _firstLine = 1;
    private bool _hasContent;

    /// <summary>True when text was given that no semicolon has ended yet; comments and white space do not count.</summary>
    public bool HasPending => _hasContent || _until is not (Outside or LineComment);

    /// <summary>Counts a line that is no part of a statement: a dot command between two.</summary>
    public void PassLine() => _line++;

    /// <summary>Takes the next line, without its line break.</summary>
    public void AddLine(string line)
    {
        _line++;
        for (var i = 0; i < line.Length; i++)
        {
            var current = line[i];
            var next = i + 1 < line.Length ? line[i + 1] : '\0';
            if (_until != Outside)
            {
                _pending.Append(current);
                if (_until == BlockComment && current == '*' && next == '/')
                {
                    _pending.Append(next);
                    i++;
                    _until = Outside;
                }
                else if (current == _until && _until != BlockComment)
                {
                    _until = Outside;
                }
            }
            else if (current == '-' && next == '-')
            {
                _pending.Append(line, i, line.Length - i);
                break;
            }
            else if (current == '/' && next == '*')
            {
                _pending.Append("/*");
                i++;
                _until = BlockComment;
            }
            else if (current == ';')
            {
                Complete();
            }
            else
            {
                AddOutside(current);
            }
        }

        _pending.Append('\n');
    }

    /// <summary>Ends the text: what is pending becomes a statement, even inside quotes (the parser says what is wrong with it).</summary>
    public void Finish()
    {
        Complete();
        _until = Outside;
    }

    /// <summary>Takes the next complete statement; false when there is none yet.</summary>
    public bool TryTake(out SqlStatement statement) => _complete.TryDequeue(out statement!);

    /// <summary>Forgets everything that was given.</summary>
    public void Clear()
    {
        _complete.Clear();
        _pending.Clear();
        _hasContent = false;
        _until = Outside;
        _line = 0;
    }

    private void AddOutside(char current)
    {
        if (!_hasContent && !char.IsWhiteSpace(current))
        {
            // Comments before the statement belong to nobody: the place in a message counts from the first word.
            _hasContent = true;
            _firstLine = _line;
            _pending.Clear();
        }

        _pending.Append(current);
        _until = current switch
        {
            '\'' or '"' or '`' => current,
            '[' => ']',
            _ => Outside,
        };
    }

    private void Complete()
    {
        if (HasPending)
        {
            _complete.Enqueue(new SqlStatement(_pending.ToString().TrimEnd(), _hasContent ? _firstLine : _line));
        }

        _pending.Clear();
        _hasContent = false;
    }
}
