using System.IO.MemoryMappedFiles;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources.VmClock;
using SysGenId.TestSupport;

namespace SysGenId.Operator.Tests.Node.Sources.VmClock;

public sealed class VmClockReaderTests : IDisposable
{
    private const int Readings = 20_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeHypervisor _hypervisor;
    private readonly VmClockReader _reader = new();

    public VmClockReaderTests() => _hypervisor = new FakeHypervisor(_directory.File("vmclock0"));

    public void Dispose()
    {
        _hypervisor.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_reading_is_never_a_mixture_of_two_updates(bool mapped)
    {
        using var file = Files.Open(_hypervisor.Path, Files.ReadOnly);
        using var mapping = new VmClockMapping(SharedPage.TryMap(file, VmClockPage.Length, out _)!);
        IVmClockMemory memory = mapped ? mapping : new VmClockFile(file);
        using var writer = new Writer(_hypervisor.Path);
        var (settled, different) = (0, new HashSet<ulong>());
        while (settled < Readings || different.Count < 10)
        {
            var reading = _reader.Read(memory);
            if (reading.Fault == VmClockFault.Unsettled) continue;
            Assert.Equal(VmClockFault.None, reading.Fault);
            Assert.Equal(reading.Generation, ~reading.Disruption);
            Assert.Equal(reading.Sequence, unchecked((uint)(2 * reading.Generation!.Value)));
            different.Add(reading.Generation.Value);
            settled++;
        }
    }

    [Fact]
    public void An_update_that_never_ends_is_looked_at_a_bounded_number_of_times()
    {
        var memory = new Memory(looks => (Errno.None, 1));
        Assert.Equal(new VmClockReading(VmClockFault.Unsettled), _reader.Read(memory));
        Assert.InRange(memory.Looks, 2, 1000);
    }

    [Fact]
    public void Updates_that_never_pause_are_looked_at_a_bounded_number_of_times()
    {
        var memory = new Memory(looks => (Errno.None, (uint)(2 * looks)));
        Assert.Equal(new VmClockReading(VmClockFault.Unsettled), _reader.Read(memory));
        Assert.InRange(memory.Looks, 2, 1000);
    }

    [Fact]
    public void What_the_kernel_has_waited_for_is_not_waited_for_again()
    {
        var memory = new Memory(_ => (Errno.ETIMEDOUT, 0));
        Assert.Equal(new VmClockReading(VmClockFault.Unsettled), _reader.Read(memory));
        Assert.Equal(1, memory.Looks);
    }

    [Fact]
    public void A_device_that_cannot_be_read_says_nothing() =>
        Assert.Equal(new VmClockReading(VmClockFault.Unreadable), _reader.Read(new Memory(_ => (Errno.EIO, 0))));

    [Fact]
    public void A_file_is_not_mapped_and_may_be_cut_off_at_any_time()
    {
        using var device = (VmClockDevice)VmClockDevice.Open(_hypervisor.Path).Device!;
        Assert.False(device.IsMapped);
        Assert.Equal(VmClockFault.None, device.Look().Fault);
        _hypervisor.Cut(64);
        Assert.Equal(VmClockFault.Truncated, device.Look().Fault);
        _hypervisor.Cut(0);
        Assert.Equal(VmClockFault.Unreadable, device.Look().Fault);
    }

    [Fact]
    public void A_device_is_mapped()
    {
        // It can be mapped, and is all zeros.
        using var device = (VmClockDevice)VmClockDevice.Open("/dev/zero").Device!;
        Assert.True(device.IsMapped);
        Assert.Equal(VmClockFault.WrongMagic, device.Look().Fault);
    }

    private sealed class Memory(Func<int, (Errno, uint)> look) : IVmClockMemory
    {
        public int Looks { get; private set; }

        public Errno ReadSequence(out uint sequence)
        {
            (var error, sequence) = look(++Looks);
            return error;
        }

        public Errno Copy(Span<byte> page, out int count)
        {
            count = page.Length;
            return Errno.None;
        }
    }

    /// <summary>Updates the page through a mapping, as a hypervisor does, for as long as it lives.</summary>
    private sealed class Writer : IDisposable
    {
        private readonly MemoryMappedFile _file;
        private readonly MemoryMappedViewAccessor _page;
        private readonly Thread _thread;
        private volatile bool _ended;

        public Writer(string path)
        {
            _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
            _page = _file.CreateViewAccessor();
            Update(1);
            _thread = new Thread(() =>
            {
                for (var generation = 2ul; !_ended; generation++)
                {
                    Update(generation);
                    Thread.SpinWait(50);
                }
            });
            _thread.Start();
        }

        public void Dispose()
        {
            _ended = true;
            _thread.Join();
            _page.Dispose();
            _file.Dispose();
        }

        private void Update(ulong generation)
        {
            var sequence = unchecked((uint)(2 * generation));
            _page.Write(VmClockPage.SequenceOffset, sequence - 1);
            Interlocked.MemoryBarrier();
            _page.Write(VmClockPage.GenerationOffset, generation);
            _page.Write(VmClockPage.DisruptionOffset, ~generation);
            Interlocked.MemoryBarrier();
            _page.Write(VmClockPage.SequenceOffset, sequence);
        }
    }
}
