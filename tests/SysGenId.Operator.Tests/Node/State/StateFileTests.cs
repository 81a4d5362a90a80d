using SysGenId.Core.Generations;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Generations;
using SysGenId.Operator.Node.State;
using SysGenId.Operator.Tests.Node.Generations;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.State;

public sealed class StateFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private StateFile StateFile => new(_directory.File("state"));

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_state_is_read_back_as_it_was_stored()
    {
        var change = Changes.At(uint.MaxValue, GenerationCause.ContainerRestored) with
        {
            Pod = "pod",
            Container = "\"ø\n",
            Minimum = 3,
            Outcome = ChangeOutcome.TimedOut,
            Message = "why",
        };
        var state = new NodeState { Ceiling = uint.MaxValue, BootId = "boot", IsClean = true, Current = change, History = [Changes.At(1), change] };
        StateFile.Store(state);
        var read = StateFile.Load(out var complaint)!;
        Assert.Null(complaint);
        Assert.Equal(state.History, read.History);
        Assert.Equal(state with { History = [] }, read with { History = [] });
    }

    [Fact]
    public void Its_bytes_are_those_of_the_documented_format()
    {
        var change = Changes.At(6) with { Id = Guid.Parse("6f0e8a9c-0000-4000-8000-000000000001"), Container = "app" };
        StateFile.Store(new NodeState { Ceiling = 131_072, BootId = "b", Current = change, History = [change] });
        const string Golden = """
            {
              "version": 1,
              "ceiling": 131072,
              "bootId": "b",
              "isClean": false,
              "current": {
                "generation": 6,
                "id": "6f0e8a9c-0000-4000-8000-000000000001",
                "cause": "Forced",
                "timeNs": 1700000000000000000,
                "container": "app",
                "outcome": "Published"
              },
              "history": [
                {
                  "generation": 6,
                  "id": "6f0e8a9c-0000-4000-8000-000000000001",
                  "cause": "Forced",
                  "timeNs": 1700000000000000000,
                  "container": "app",
                  "outcome": "Published"
                }
              ]
            }
            """;
        Assert.Equal(Golden, File.ReadAllText(StateFile.FilePath));
        Assert.Equal(0x1A4u, Files.TryStatus(StateFile.FilePath, out _)!.Value.Permissions);
    }

    [Fact]
    public void Where_there_never_was_a_file_nothing_is_complained_of()
    {
        Assert.Null(StateFile.Load(out var complaint));
        Assert.Null(complaint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\0\0\0\0")]
    [InlineData("""{"ceiling":5}""")]
    [InlineData("""{"ceiling":5,"current":null}""")]
    [InlineData("""{"ceiling":-1,"current":{"generation":1,"id":"6f0e8a9c-0000-4000-8000-000000000001","cause":"Forced","timeNs":1}}""")]
    [InlineData("""{"ceiling":4294967296,"current":{"generation":1,"id":"6f0e8a9c-0000-4000-8000-000000000001","cause":"Forced","timeNs":1}}""")]
    [InlineData("""{"ceiling":0,"current":{"generation":1,"id":"6f0e8a9c-0000-4000-8000-000000000001","cause":"Forced","timeNs":1}}""")]
    [InlineData("""{"ceiling":5,"current":{"generation":1,"id":"6f0e8a9c-0000-4000-8000-000000000001","cause":"Forced","timeNs":1},"history":[null]}""")]
    [InlineData("""{"ceiling":5,"current":{"generation":1,"id":"6f0e8a9c-0000-4000-8000-000000000001","cause":"Forced","timeNs":1},"history":null}""")]
    [InlineData("""{"ceiling":5,"current":{"generation":1,"id":"no","cause":"Forced","timeNs":1}}""")]
    public void A_file_that_makes_no_sense_is_moved_aside_with_a_sentence(string content)
    {
        Plant(content);
        Assert.Null(StateFile.Load(out var complaint));
        Assert.Equal(content, File.ReadAllText(StateFile.FilePath + ".unreadable-1"));
        Assert.Equal($"{StateFile.FilePath} cannot be read (not a state of this program); moved to {StateFile.FilePath}.unreadable-1.", complaint);
        Assert.False(File.Exists(StateFile.FilePath));
    }

    [Fact]
    public void Files_moved_aside_are_numbered_and_never_replaced()
    {
        for (var number = 1; number <= 3; number++)
        {
            Plant($"garbage {number}");
            StateFile.Load(out _);
        }

        Assert.Equal(["garbage 1", "garbage 2", "garbage 3"], Directory.GetFiles(_directory.File("state")).Order().Select(File.ReadAllText));
    }

    [Fact]
    public void S02_A_file_moved_aside_is_still_missed_at_the_next_start_until_a_new_one_is_stored()
    {
        Plant("garbage");
        StateFile.Load(out _);
        Assert.Null(StateFile.Load(out var complaint));
        Assert.Contains("state.json.unreadable-1 could not be read", complaint, StringComparison.Ordinal);

        StateFile.Store(new NodeState { Ceiling = 1, Current = Changes.At(1) });
        Assert.NotNull(StateFile.Load(out complaint));
        Assert.Null(complaint);
    }

    [Fact]
    public void A_symbolic_link_in_its_place_is_moved_aside_and_not_followed()
    {
        Directory.CreateDirectory(_directory.File("state"));
        File.WriteAllText(_directory.File("target"), "precious");
        File.CreateSymbolicLink(StateFile.FilePath, _directory.File("target"));
        Assert.Null(StateFile.Load(out var complaint));
        Assert.Contains("ELOOP", complaint, StringComparison.Ordinal);
        StateFile.Store(new NodeState { Ceiling = 1, Current = Changes.At(1) });
        Assert.Equal("precious", File.ReadAllText(_directory.File("target")));
    }

    [Fact]
    public void A_symbolic_link_planted_under_the_temporary_name_is_not_written_through()
    {
        Directory.CreateDirectory(_directory.File("state"));
        File.WriteAllText(_directory.File("target"), "precious");
        File.CreateSymbolicLink(StateFile.FilePath + ".new", _directory.File("target"));
        StateFile.Store(new NodeState { Ceiling = 1, Current = Changes.At(1) });
        Assert.Equal("precious", File.ReadAllText(_directory.File("target")));
        Assert.NotNull(StateFile.Load(out _));
    }

    [Fact]
    public void A_store_that_fails_leaves_the_old_content()
    {
        StateFile.Store(new NodeState { Ceiling = 5, Current = Changes.At(1) });

        // A directory under the temporary name cannot be removed as a file is.
        Directory.CreateDirectory(StateFile.FilePath + ".new");
        Assert.Throws<LinuxException>(() => StateFile.Store(new NodeState { Ceiling = 9, Current = Changes.At(1) }));
        Assert.Equal(5u, StateFile.Load(out _)!.Ceiling);
    }

    [Fact]
    public void Of_a_long_history_the_newest_64_lines_are_taken()
    {
        StateFile.Store(new NodeState { Ceiling = 500, Current = Changes.At(200), History = [.. Enumerable.Range(1, 200).Select(number => Changes.At((uint)number))] });
        Assert.Equal((64, 200u), (StateFile.Load(out _)!.History.Count, StateFile.Load(out _)!.History[^1].Generation));
    }

    private void Plant(string content)
    {
        Directory.CreateDirectory(_directory.File("state"));
        File.WriteAllText(StateFile.FilePath, content);
    }
}
