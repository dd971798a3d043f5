using System.Text;

namespace LsmTree.Cli.Terminals;

/// <summary>A prompt whose line can be edited: arrows, Home, End, Delete, Backspace, history, and the Emacs keys that shells share.</summary>
/// <remarks>
/// <para>The line is kept on one row of the screen: when it is longer, a window of it is shown that follows the caret. So every change redraws one row,
/// and no terminal has to be asked where its cursor is.</para>
/// <para>Invariants: (1) 0 ≤ <c>_caret</c> ≤ line length; (2) 0 ≤ <c>_window</c> ≤ <c>_caret</c>; (3) <c>_recalled</c> is the position in the
/// history, and equals its count while the new line is edited, whose text <c>_unfinished</c> keeps meanwhile.</para>
/// </remarks>
internal sealed class LineEditor(Func<ConsoleKeyInfo> readKey, TextWriter output, Func<int> columns, History history) : ILineSource
{
    private const char Escape = '\u001b';

    private readonly StringBuilder _line = new();
    private int _caret;
    private int _window;
    private int _recalled;
    private string _unfinished = "";

    public bool IsInteractive => true;

    public LineEnd Read(string prompt, out string line)
    {
        Start();
        while (true)
        {
            Draw(prompt);
            var key = readKey();
            var control = (key.Modifiers & ConsoleModifiers.Control) != 0;
            if (key.Key == ConsoleKey.Enter)
            {
                output.WriteLine();
                line = _line.ToString();
                history.Add(line);
                return LineEnd.Entered;
            }

            if (control && key.Key == ConsoleKey.C)
            {
                output.WriteLine("^C");
                line = "";
                return LineEnd.Abandoned;
            }

            if (control && key.Key == ConsoleKey.D && _line.Length == 0)
            {
                output.WriteLine();
                line = "";
                return LineEnd.EndOfInput;
            }

            if (control)
            {
                EditByControl(key.Key);
            }
            else
            {
                Edit(key);
            }
        }
    }

    private void Start()
    {
        _line.Clear();
        _caret = 0;
        _window = 0;
        _recalled = history.Count;
        _unfinished = "";
    }

    private void Edit(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow:
                _caret = Math.Max(_caret - 1, 0);
                break;
            case ConsoleKey.RightArrow:
                _caret = Math.Min(_caret + 1, _line.Length);
                break;
            case ConsoleKey.Home:
                _caret = 0;
                break;
            case ConsoleKey.End:
                _caret = _line.Length;
                break;
            case ConsoleKey.Backspace:
                Remove(_caret - 1, _caret);
                break;
            case ConsoleKey.Delete:
                Remove(_caret, _caret + 1);
                break;
            case ConsoleKey.UpArrow:
                Recall(_recalled - 1);
                break;
            case ConsoleKey.DownArrow:
                Recall(_recalled + 1);
                break;
            case ConsoleKey.Escape:
                Remove(0, _line.Length);
                break;
            case ConsoleKey.Tab:
                Insert(' ');
                break;
            default:
                if (!char.IsControl(key.KeyChar))
                {
                    Insert(key.KeyChar);
                }

                break;
        }
    }

    private void EditByControl(ConsoleKey key)
    {
        switch (key)
        {
            case ConsoleKey.A:
                _caret = 0;
                break;
            case ConsoleKey.E:
                _caret = _line.Length;
                break;
            case ConsoleKey.B:
                _caret = Math.Max(_caret - 1, 0);
                break;
            case ConsoleKey.F:
                _caret = Math.Min(_caret + 1, _line.Length);
                break;
            case ConsoleKey.P:
                Recall(_recalled - 1);
                break;
            case ConsoleKey.N:
                Recall(_recalled + 1);
                break;
            case ConsoleKey.D:
                Remove(_caret, _caret + 1);
                break;
            case ConsoleKey.H:
                Remove(_caret - 1, _caret);
                break;
            case ConsoleKey.K:
                Remove(_caret, _line.Length);
                break;
            case ConsoleKey.U:
                Remove(0, _caret);
                break;
            case ConsoleKey.W:
                Remove(WordStart(_caret), _caret);
                break;
            case ConsoleKey.LeftArrow:
                _caret = WordStart(_caret);
                break;
            case ConsoleKey.RightArrow:
                _caret = WordEnd(_caret);
                break;
            case ConsoleKey.L:
                output.Write($"{Escape}[2J{Escape}[H");
                break;
            default:
                break; // Other control keys mean nothing here, and must not become text.
        }
    }

    private void Insert(char character)
    {
        _line.Insert(_caret, character);
        _caret++;
    }

    private void Remove(int from, int to)
    {
        from = Math.Max(from, 0);
        to = Math.Min(to, _line.Length);
        if (from < to)
        {
            _line.Remove(from, to - from);
            _caret = from;
        }
    }

    private void Recall(int index)
    {
        if (index < 0 || index > history.Count || index == _recalled)
        {
            return;
        }

        if (_recalled == history.Count)
        {
            _unfinished = _line.ToString();
        }

        _recalled = index;
        _line.Clear().Append(index == history.Count ? _unfinished : history[index]);
        _caret = _line.Length;
    }

    private int WordStart(int position)
    {
        while (position > 0 && char.IsWhiteSpace(_line[position - 1]))
        {
            position--;
        }

        while (position > 0 && !char.IsWhiteSpace(_line[position - 1]))
        {
            position--;
        }

        return position;
    }

    private int WordEnd(int position)
    {
        while (position < _line.Length && char.IsWhiteSpace(_line[position]))
        {
            position++;
        }

        while (position < _line.Length && !char.IsWhiteSpace(_line[position]))
        {
            position++;
        }

        return position;
    }

    private void Draw(string prompt)
    {
        var room = Math.Max(columns() - prompt.Length - 1, 8);
        _window = Math.Clamp(_window, Math.Max(_caret - room, 0), _caret);
        var shown = _line.ToString(_window, Math.Min(room, _line.Length - _window));
        output.Write($"\r{prompt}{shown}{Escape}[K\r{Escape}[{prompt.Length + _caret - _window}C");
        output.Flush();
    }
}
