using System.Text;
using SysGenId.Core.Linux;
using SysGenId.Operator.Node.Sources.KernelLog;

namespace SysGenId.Operator.Tests.Node.Sources.KernelLog;

/// <summary>
/// A kernel's log that says what a test wants: numbered records, readers with a place of their own, the oldest gone when a
/// test says so. Thread-safe, as a kernel is.
/// </summary>
internal sealed class ScriptedKernelLog : IKernelLog
{
    public const string Fork = "random: crng reseeded due to virtual machine fork";

    private readonly Lock _lock = new();
    private readonly List<byte[]> _records = [];
    private readonly List<Reader> _readers = [];
    private ulong _first;

    /// <summary>Why it cannot be opened.</summary>
    public Errno OpenError { get; set; }

    /// <summary>Why it cannot be read.</summary>
    public Errno ReadError { get; set; }

    /// <summary>Whether it says of every line that it is lost.</summary>
    public bool IsLosingAll { get; set; }

    /// <summary>Whether whoever has read everything finds another ordinary line.</summary>
    public bool IsEndless { get; set; }

    /// <summary>How often it was opened.</summary>
    public int OpenCount { get; private set; }

    /// <summary>Called by each reader that goes to the end, once it is there.</summary>
    public Action? SoughtEnd { get; set; }

    /// <summary>The number of the next line.</summary>
    public ulong Next
    {
        get { lock (_lock) return _first + (ulong)_records.Count; }
    }

    /// <summary>How many lines the slowest reader has yet to read.</summary>
    public ulong Unread
    {
        get { lock (_lock) return _readers.Select(reader => _first + (ulong)_records.Count - reader.Place).DefaultIfEmpty().Max(); }
    }

    /// <summary>Whether there is a reader, and all have read everything.</summary>
    public bool IsRead => ReaderCount > 0 && Unread == 0;

    /// <summary>Whether the only reader has read everything; allocates nothing.</summary>
    public bool IsAtEnd
    {
        get { lock (_lock) return _readers[0].Place == _first + (ulong)_records.Count; }
    }

    /// <summary>How many have it open.</summary>
    public int ReaderCount
    {
        get { lock (_lock) return _readers.Count; }
    }

    /// <summary>A line of the kernel's; the number that it got.</summary>
    public ulong Print(string text, int priority = 5) => PrintRaw(number => $"{priority},{number},1279028,-;{text}\n");

    /// <summary>A record as a test writes it, which knows its number.</summary>
    public ulong PrintRaw(Func<ulong, string> record)
    {
        lock (_lock)
        {
            var number = _first + (ulong)_records.Count;
            _records.Add(Encoding.Latin1.GetBytes(record(number)));
            foreach (var reader in _readers) reader.Signal.Set();
            return number;
        }
    }

    /// <summary>Overwrites everything that was printed so far.</summary>
    public void Overwrite()
    {
        lock (_lock)
        {
            _first += (ulong)_records.Count;
            _records.Clear();
        }
    }

    /// <summary>Prints a line that nobody can read any more, and one that everybody can.</summary>
    public void Lose()
    {
        lock (_lock)
        {
            Print("a line that is lost");
            Overwrite();
            Print("an ordinary line");
        }
    }

    public IKernelLogReader? TryOpen(out Errno error)
    {
        lock (_lock)
        {
            OpenCount++;
            error = OpenError;
            if (error != Errno.None) return null;
            var reader = new Reader(this) { Place = _first };
            reader.Signal.Set();
            _readers.Add(reader);
            return reader;
        }
    }

    private sealed class Reader(ScriptedKernelLog log) : IKernelLogReader
    {
        public EventSignal Signal { get; } = new();

        public ulong Place { get; set; }

        public Descriptor Descriptor => Signal.Descriptor;

        public Errno SeekToEnd()
        {
            Place = log.Next;
            log.SoughtEnd?.Invoke();
            return Errno.None;
        }

        public KernelLogRead Read(Span<byte> buffer)
        {
            lock (log._lock)
            {
                if (log.ReadError != Errno.None) return new KernelLogRead(KernelLogOutcome.Failed, Error: log.ReadError);
                if (log.IsLosingAll) return new KernelLogRead(KernelLogOutcome.Lost);
                if (Place < log._first)
                {
                    Place = log._first;
                    return new KernelLogRead(KernelLogOutcome.Lost);
                }

                var index = (int)(Place - log._first);
                if (index >= log._records.Count && log.IsEndless) log.Print("an ordinary line");
                if (index >= log._records.Count)
                {
                    Signal.Reset();
                    return new KernelLogRead(KernelLogOutcome.End);
                }

                Place++;
                log._records[index].CopyTo(buffer);
                return new KernelLogRead(KernelLogOutcome.Record, log._records[index].Length);
            }
        }

        public void Dispose()
        {
            lock (log._lock) log._readers.Remove(this);
            Signal.Dispose();
        }
    }
}
