using SysGenId.Sidecar.Tests.Fixture;
using SysGenId.TestSupport;

namespace SysGenId.Sidecar.Tests.Watching;

/// <summary>S16 and S23 against a model: whatever happens in whatever order, the counts are what a person would count.</summary>
public sealed class WatcherCountTests : IDisposable
{
    private const int Steps = 300;

    // The model knows no time: no place is given up while the test runs.
    private readonly SidecarUnderTest _sidecar = SidecarUnderTest.At(1, options => options with { ReturnGrace = TimeSpan.FromHours(1) });
    private readonly List<Client> _clients = [];
    private readonly Random _random = new(4);
    private uint _generation = 1;
    private int _currentPlaces;
    private int _outdatedPlaces;

    [Fact]
    public async Task S16_counts_are_exact_after_every_step_of_a_random_history()
    {
        for (var step = 0; step < Steps; step++)
        {
            var what = Step();
            await Eventually.HoldsAsync(() => IsAsCounted(), what: $"the counts of step {step}: {what}");
        }
    }

    public void Dispose()
    {
        foreach (var client in _clients) client.Connection.Dispose();
        _sidecar.Dispose();
    }

    private string Step()
    {
        switch (_random.Next(10))
        {
            case 0 or 1 or 2:
                _clients.Add(new Client(_sidecar.Watch()));
                return "open";
            case 3 when _clients.Count > 0:
                var leaving = Pick();
                leaving.Connection.Dispose();
                _clients.Remove(leaving);
                return "close";
            case 4 or 5 when _clients.Count > 0:
                Acknowledge(Pick(), _generation);
                return "ack";
            case 6 when _clients.Count > 0:
                Acknowledge(Pick(), _generation - 1);
                return "wrong word";
            case 7 or 8:
                _sidecar.Link.Deliver(++_generation);
                foreach (var client in _clients) client.IsOutdated = true;
                (_currentPlaces, _outdatedPlaces) = (0, _outdatedPlaces + _currentPlaces);
                return "deliver";
            case 9 when _random.Next(3) == 0:
                Checkpoint();
                return "checkpoint";
            default:
                return "nothing";
        }
    }

    private void Acknowledge(Client client, uint word)
    {
        client.Connection.Write(word);
        if (!client.HasSpoken) TakePlace(isOutdated: word != _generation);
        if (word == _generation) client.IsOutdated = false;
        else if (!client.HasSpoken) client.IsOutdated = true;
        client.HasSpoken = true;
    }

    // One that counts as the watcher does, if there is a choice.
    private void TakePlace(bool isOutdated)
    {
        if (_outdatedPlaces > 0 && (isOutdated || _currentPlaces == 0)) _outdatedPlaces--;
        else if (_currentPlaces > 0) _currentPlaces--;
    }

    private void Checkpoint()
    {
        // A container each: what one expects back is not replaced by what the next one does.
        _sidecar.Link.Quiesce("one", $"container {_random.Next()}");
        _currentPlaces += _clients.Count(client => !client.IsOutdated);
        _outdatedPlaces += _clients.Count(client => client.IsOutdated);
        foreach (var client in _clients) client.Connection.EndsAsync().GetAwaiter().GetResult();
        _clients.Clear();
        _sidecar.Link.Resume("one");
    }

    private bool IsAsCounted()
    {
        var page = _sidecar.Page();
        var outdated = _clients.Count(client => client.IsOutdated) + _outdatedPlaces;
        return page.Watchers == _clients.Count + _currentPlaces + _outdatedPlaces && page.Outdated == outdated
            && File.Exists(_sidecar.WatchPath);
    }

    private Client Pick() => _clients[_random.Next(_clients.Count)];

    private sealed record Client(WatchClient Connection)
    {
        public bool HasSpoken { get; set; }

        public bool IsOutdated { get; set; }
    }
}
