namespace LsmTree.Data.Tests.Ado;

public sealed class RememberedSettingsTests
{
    private readonly RememberedSettings _settings = new();

    [Fact]
    public void A_text_is_checked_once_however_many_came_before()
    {
        for (var other = 0; other < 1_000; other++)
        {
            _settings.Get($"Data Source=other-{other}");
        }

        const string Text = "Data Source=mine";
        Assert.Same(_settings.Get(Text), _settings.Get(Text));
    }

    [Fact]
    public void An_equal_text_has_the_same_settings_under_its_own_instance()
    {
        var text = new string("Data Source=mine;Default Timeout=7".AsSpan());
        var equal = new string(text.AsSpan());
        var known = _settings.Get(text);
        var settings = _settings.Get(equal);
        Assert.Same(equal, settings.Text);
        Assert.Equal(7, settings.DefaultTimeout);
        Assert.Same(known.ForSession(), settings.ForSession());
    }

    [Fact]
    public void A_text_with_a_mistake_is_refused_every_time()
    {
        Assert.Throws<ArgumentException>(() => _settings.Get("Data Sauce=mine"));
        Assert.Throws<ArgumentException>(() => _settings.Get("Data Sauce=mine"));
    }
}
