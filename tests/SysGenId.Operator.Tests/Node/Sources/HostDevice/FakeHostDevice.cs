using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources.HostDevice;

namespace SysGenId.Operator.Tests.Node.Sources.HostDevice;

/// <summary>The driver's contract in memory: one generation, and any number of watchers that each open makes.</summary>
internal sealed class FakeHostDevice(uint generation)
{
    private readonly Lock _lock = new();
    private readonly List<Watcher> _watchers = [];
    private uint _generation = generation;

    /// <summary>Whether it offers a page to map.</summary>
    public bool HasPage { get; init; } = true;

    /// <summary>Whether acks change nothing.</summary>
    public bool ForgetsAcks { get; set; }

    /// <summary>Whether it refuses every ack.</summary>
    public bool RefusesAcks { get; set; }

    /// <summary>What happens just before the next ack arrives.</summary>
    public Action? BeforeAck { get; set; }

    public int Opened => _watchers.Count;

    public int Reads { get; private set; }

    public IReadOnlyList<uint> Acks { get; private set; } = [];

    public (IHostDevice? Device, Errno Error) Open(string path)
    {
        lock (_lock)
        {
            var watcher = new Watcher(this, _generation);
            _watchers.Add(watcher);
            return (watcher, Errno.None);
        }
    }

    public void Bump(uint generation)
    {
        lock (_lock)
        {
            _generation = generation;
            foreach (var watcher in _watchers) watcher.Show(isOutdated: true);
        }
    }

    private sealed class Watcher(FakeHostDevice driver, uint acked) : IHostDevice
    {
        private readonly EventSignal _readable = new();
        private uint _acked = acked;
        private bool _isClosed;

        Descriptor IHostDevice.Watcher => _readable.Descriptor;

        public uint? Current
        {
            get
            {
                lock (driver._lock) return driver.HasPage ? driver._generation : null;
            }
        }

        public DeviceAnswer Read()
        {
            lock (driver._lock)
            {
                driver.Reads++;
                return driver._generation == _acked && !driver.ForgetsAcks
                    ? new DeviceAnswer(DeviceAnswerKind.UpToDate)
                    : new DeviceAnswer(DeviceAnswerKind.Accepted) { Generation = driver._generation };
            }
        }

        public DeviceAnswer Acknowledge(uint generation)
        {
            var before = driver.BeforeAck;
            driver.BeforeAck = null;
            before?.Invoke();
            lock (driver._lock)
            {
                if (generation != driver._generation || driver.RefusesAcks) return new DeviceAnswer(DeviceAnswerKind.MovedOn);
                _acked = generation;
                driver.Acks = [.. driver.Acks, generation];
                if (!driver.ForgetsAcks) Show(isOutdated: false);
                return new DeviceAnswer(DeviceAnswerKind.Accepted);
            }
        }

        public void Show(bool isOutdated)
        {
            if (_isClosed) return;
            if (isOutdated) _readable.Set();
            else _readable.Reset();
        }

        public void Dispose()
        {
            lock (driver._lock) _isClosed = true;
            _readable.Dispose();
        }
    }
}
