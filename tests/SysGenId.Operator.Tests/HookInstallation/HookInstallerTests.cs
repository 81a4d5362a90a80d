using SysGenId.Core.Linux;
using SysGenId.Operator.Node.HookInstallation;

namespace SysGenId.Operator.Tests.HookInstallation;

public sealed class HookInstallerTests : IDisposable
{
    private readonly HookHost _host = new();

    [Fact]
    public void An_installation_is_the_hook_and_one_line()
    {
        _host.WriteConfiguration("tcp-established\naction-script /usr/local/bin/mine\n");

        Assert.Equal(HookExitCode.Success, _host.Install());

        Assert.Equal("", _host.Errors);
        Assert.StartsWith("tcp-established\naction-script /usr/local/bin/mine\n# BEGIN sysgenid", _host.Text, StringComparison.Ordinal);
        Assert.Contains($"\naction-script {_host.Hook}\n# END sysgenid\n", _host.Text, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_host.Binary), File.ReadAllBytes(_host.Hook));
        Assert.Equal((0x1EDu, 0u), Files.TryStatus(_host.Hook, out _) is { } status ? (status.Permissions, status.Owner) : default);
        Assert.Equal(
            $"""
            criu            4.1.1 at {_host.Criu}
            hook            {_host.Hook} (installed)
            configuration   {_host.Configuration} (line added)
            next            start the agent: sysgenid-operator node --standalone --criu-config {_host.Configuration}

            """,
            _host.Output);
    }

    [Fact]
    public void Installing_again_changes_nothing()
    {
        _host.Install();
        var (text, hook) = (_host.Text, Files.TryStatus(_host.Hook, out _));
        Assert.Equal(HookExitCode.Success, _host.Install());
        Assert.Equal((text, hook), (_host.Text, Files.TryStatus(_host.Hook, out _)));
        Assert.Contains("(unchanged)", _host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("(installed)", _host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("tcp-established")]
    [InlineData("tcp-established\r\n# END\r\n")]
    public void Uninstalling_leaves_what_was_there_before(string? text)
    {
        if (text is not null) _host.WriteConfiguration(text);
        var before = _host.Entries;
        Assert.Equal(HookExitCode.Success, _host.Install());
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.Equal(before, _host.Entries);
        if (text is not null) Assert.Equal(text, _host.Text);
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.Equal(before, _host.Entries);
    }

    [Fact]
    public void Another_agent_is_named_by_a_wrapper()
    {
        const string Agent = "/tmp/it's $HOME \"here\"/node.sock";
        HookHost.WriteProgram(_host.Binary, "printf '%s|' \"$@\"");
        Assert.Equal(HookExitCode.Success, _host.Install(options => options with { Agent = Agent }));
        Assert.Contains($"action-script {_host.Wrapper}\n", _host.Text, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadAllLines(_host.Wrapper).Length);
        Assert.Equal((0, $"--agent|{Agent}|more|"), CriuProgram.Run(_host.Wrapper, ["more"], CriuNamespace.Own));
    }

    [Fact]
    public void Back_to_the_default_agent_the_wrapper_goes()
    {
        _host.Install(options => options with { Agent = "/run/other/node.sock" });
        Assert.Equal(HookExitCode.Success, _host.Install());
        Assert.Contains($"action-script {_host.Hook}\n", _host.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(_host.Wrapper));
    }

    [Fact]
    public void In_another_directory_the_hook_leaves_the_first()
    {
        _host.Install();
        Assert.Equal(HookExitCode.Success, _host.Install(options => options with { HookDirectory = Path.Join(_host.Root, "other") }));
        Assert.False(File.Exists(_host.Hook));
        Assert.Contains("removed", _host.Output, StringComparison.Ordinal);
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.Empty(_host.Entries);
    }

    [Fact]
    public void Owner_and_mode_of_the_configuration_stay()
    {
        _host.WriteConfiguration("a\n");
        using (var file = Files.Open(_host.Configuration, Files.ReadOnly)) Files.SetOwner(file, 1234, 2345);
        Files.SetPermissions(_host.Configuration, 0x1A0);
        _host.Install();
        Assert.Equal((1234u, 2345u, 0x1A0u), Files.TryStatus(_host.Configuration, out _) is { } status ? (status.Owner, status.Group, status.Permissions) : default);
    }

    [Fact]
    public void A_linked_configuration_is_edited_where_it_is()
    {
        _host.WriteConfiguration("");
        File.Delete(_host.Configuration);
        var target = Path.Join(_host.Root, "managed.conf");
        File.WriteAllText(target, "a\n");
        File.CreateSymbolicLink(_host.Configuration, "../../managed.conf");

        Assert.Equal(HookExitCode.Success, _host.Install());

        Assert.Equal("../../managed.conf", new FileInfo(_host.Configuration).LinkTarget);
        Assert.Contains("# BEGIN sysgenid", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.Equal("a\n", File.ReadAllText(target));
    }

    [Theory]
    [InlineData("""echo "Version: 3.17" """, "is CRIU 3.17; 4.0 or newer is needed.")]
    [InlineData("exit 1", "does not tell a version")]
    [InlineData("""case $1 in --version) echo "Version: 4.1.1" ;; *) echo "Error (criu/x.c:1): Kernel too old"; exit 1 ;; esac""", "`criu check` says: Error (criu/x.c:1): Kernel too old")]
    public void A_CRIU_that_does_not_work_refuses(string criu, string reason)
    {
        HookHost.WriteProgram(_host.Criu, criu);
        Assert.Equal(HookExitCode.Refused, _host.Install());
        Assert.Contains(reason, _host.Errors, StringComparison.Ordinal);
        Assert.Empty(_host.Entries);
    }

    [Fact]
    public void A_CRIU_that_is_missing_refuses()
    {
        Assert.Equal(HookExitCode.Refused, _host.Install(options => options with { Criu = "no-such-criu" }));
        Assert.Contains("is not installed", _host.Errors, StringComparison.Ordinal);
        Assert.Empty(_host.Entries);
    }

    [Theory]
    [InlineData("/a b/bin")]
    [InlineData("/a\"b/bin")]
    [InlineData("/a#b")]
    [InlineData("/a\nb")]
    [InlineData("relative")]
    public void A_directory_that_cannot_stand_in_the_configuration_refuses(string directory)
    {
        Assert.Equal(HookExitCode.Refused, _host.Install(options => options with { HookDirectory = directory }));
        Assert.Empty(_host.Entries);
    }

    [Theory]
    [InlineData("relative.sock")]
    [InlineData("/a\nb")]
    public void An_agent_that_cannot_be_reached_so_refuses(string agent)
    {
        Assert.Equal(HookExitCode.Refused, _host.Install(options => options with { Agent = agent }));
        Assert.Equal(HookExitCode.Refused, _host.Install(options => options with { Agent = "/" + new string('x', 107) }));
        Assert.Empty(_host.Entries);
    }

    [Fact]
    public void A_hook_that_does_not_start_here_gets_no_line()
    {
        File.WriteAllBytes(_host.Binary, [0x7F, (byte)'E', (byte)'L', (byte)'F', 9]);
        Assert.Equal(HookExitCode.Refused, _host.Install());
        Assert.Contains("does not start here", _host.Errors, StringComparison.Ordinal);
        Assert.Empty(_host.Entries);
    }

    [Fact]
    public void A_hook_that_does_not_start_here_does_not_replace_one_that_does()
    {
        _host.Install();
        var (text, hook) = (_host.Text, File.ReadAllText(_host.Hook));
        HookHost.WriteProgram(_host.Binary, "exit 7");
        Assert.Equal(HookExitCode.Refused, _host.Install());
        Assert.Equal((text, hook), (_host.Text, File.ReadAllText(_host.Hook)));
    }

    [Fact]
    public void A_line_that_CRIU_does_not_take_is_taken_out_again()
    {
        _host.WriteConfiguration("a\n");
        HookHost.WriteProgram(_host.Criu, $"""case $1 in --version) echo "Version: 4.1.1" ;; *) ! grep -q BEGIN {_host.Configuration} ;; esac""");
        Assert.Equal(HookExitCode.Refused, _host.Install());
        Assert.Equal("a\n", _host.Text);
        Assert.False(File.Exists(_host.Hook));
    }

    [Fact]
    public void A_directory_others_may_write_to_refuses()
    {
        Directory.CreateDirectory(_host.HookDirectory);
        Files.SetPermissions(_host.HookDirectory, 0x1FF);
        Assert.Equal(HookExitCode.Refused, _host.Install());
        Assert.Contains("writable by others", _host.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(_host.Configuration));
    }

    [Fact]
    public void Half_a_block_refuses_and_stays()
    {
        _host.WriteConfiguration("# BEGIN sysgenid\n");
        Assert.Equal((HookExitCode.Refused, HookExitCode.Refused), (_host.Install(), _host.Uninstall()));
        Assert.Equal("# BEGIN sysgenid\n", _host.Text);
        Assert.False(File.Exists(_host.Hook));
    }

    [Fact]
    public void Something_that_is_no_file_refuses()
    {
        Directory.CreateDirectory(_host.Configuration);
        Assert.Equal((HookExitCode.Refused, HookExitCode.Refused), (_host.Install(), _host.Uninstall()));
    }

    [Fact]
    public void Uninstalling_needs_no_CRIU()
    {
        _host.Install();
        File.Delete(_host.Criu);
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.Empty(_host.Entries);
    }

    [Fact]
    public void An_installation_that_stopped_before_its_line_can_be_taken_back()
    {
        _host.Install();
        Directory.Delete(Path.Join(_host.Root, "etc"), recursive: true);
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.False(File.Exists(_host.Hook));
    }

    [Fact]
    public void A_line_without_its_hook_can_be_taken_out()
    {
        _host.WriteConfiguration("a\n");
        _host.Install();
        Directory.Delete(_host.HookDirectory, recursive: true);
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.Equal("a\n", _host.Text);
    }

    [Fact]
    public void A_hook_that_another_configuration_names_stays()
    {
        _host.Install();
        var other = Path.Join(Path.GetDirectoryName(_host.Configuration), "runc.conf");
        File.WriteAllText(other, $"action-script {_host.Hook}\n");
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.True(File.Exists(_host.Hook));
        Assert.Contains($"stays: {other} names it", _host.Output, StringComparison.Ordinal);
        File.WriteAllText(other, $"# action-script {_host.Hook}\n");
        Assert.Equal(HookExitCode.Success, _host.Uninstall());
        Assert.False(File.Exists(_host.Hook));
    }

    public void Dispose() => _host.Dispose();
}
