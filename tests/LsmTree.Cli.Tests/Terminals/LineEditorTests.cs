using LsmTree.Cli.Terminals;

namespace LsmTree.Cli.Tests.Terminals;

public sealed class LineEditorTests
{
    [Theory]
    [InlineData("abc", "abc")]
    [InlineData("abc<", "ab")]
    [InlineData("abcLL<", "bc")]
    [InlineData("abcLLD", "ac")]
    [InlineData("bcHa", "abc")]
    [InlineData("acLbEd", "abcd")]
    [InlineData("LLx<<D", "")]
    public void Keys_edit_the_line(string keys, string expected)
    {
        Assert.Equal(LineEnd.Entered, Read(keys + "\n", History.Load(null), out var line));
        Assert.Equal(expected, line);
    }

    [Fact]
    public void Up_and_down_walk_through_the_history_and_back_to_the_unfinished_line()
    {
        var history = History.Load(null);
        Read("first\n", history, out _);
        Read("second\n", history, out _);

        Read("newUU\n", history, out var line);
        Assert.Equal("first", line);

        Read("newUUVV!\n", history, out line);
        Assert.Equal("new!", line);

        Read("UUUUU\n", history, out line);
        Assert.Equal("first", line);
    }

    [Fact]
    public void Control_C_drops_the_line_and_control_D_ends_an_empty_one()
    {
        Assert.Equal(LineEnd.Abandoned, Read("half a line^", History.Load(null), out var line));
        Assert.Equal("", line);
        Assert.Equal(LineEnd.EndOfInput, Read("$", History.Load(null), out _));
        Assert.Equal(LineEnd.Entered, Read("abLL$\n", History.Load(null), out line));
        Assert.Equal("b", line);
    }

    [Fact]
    public void A_history_survives_its_session_and_keeps_no_repetitions()
    {
        var file = Path.GetTempFileName();
        try
        {
            var history = History.Load(file);
            Read("select 1;\n", history, out _);
            Read("select 1;\n", history, out _);
            Read("   \n", history, out _);
            history.Save();

            Assert.Equal("select 1;", Assert.Single(File.ReadAllLines(file)));
            Assert.Equal(1, History.Load(file).Count);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_line_longer_than_the_screen_is_drawn_on_one_row()
    {
        using var output = new StringWriter();
        var keys = new Queue<ConsoleKeyInfo>((new string('x', 200) + "\n").Select(ToKey));
        var editor = new LineEditor(keys.Dequeue, output, static () => 40, History.Load(null));

        editor.Read("> ", out var line);

        Assert.Equal(200, line.Length);
        Assert.All(output.ToString().Split('\r'), static row => Assert.True(row.TrimEnd('\n').Length <= 40 + "\u001b[K".Length, row));
    }

    private static LineEnd Read(string keys, History history, out string line)
    {
        var queue = new Queue<ConsoleKeyInfo>(keys.Select(ToKey));
        return new LineEditor(queue.Dequeue, TextWriter.Null, static () => 80, history).Read("> ", out line);
    }

    private static ConsoleKeyInfo ToKey(char character) => character switch
    {
        '\n' => Key(ConsoleKey.Enter),
        '<' => Key(ConsoleKey.Backspace),
        'L' => Key(ConsoleKey.LeftArrow),
        'D' => Key(ConsoleKey.Delete),
        'H' => Key(ConsoleKey.Home),
        'E' => Key(ConsoleKey.End),
        'U' => Key(ConsoleKey.UpArrow),
        'V' => Key(ConsoleKey.DownArrow),
        '^' => new ConsoleKeyInfo('\u0003', ConsoleKey.C, shift: false, alt: false, control: true),
        '$' => new ConsoleKeyInfo('\u0004', ConsoleKey.D, shift: false, alt: false, control: true),
        _ => new ConsoleKeyInfo(character, ConsoleKey.None, shift: false, alt: false, control: false),
    };

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, shift: false, alt: false, control: false);
}
