"""The in-process benchmarks, run by BenchmarkDotNet, as rows."""

import json
import subprocess
import tempfile
from pathlib import Path

from programs import ROOT, Missing
from report import Row, compare, describe, exact

PROJECT = ROOT / "bench" / "SysGenId.Benchmarks"
PROGRAM = ROOT / "artifacts" / "bin" / PROJECT.name / "release" / PROJECT.name


def run():
    """(type, method) -> (nanoseconds of each iteration, bytes allocated per operation)."""
    built = subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "q", PROJECT],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if built.returncode != 0:
        raise Missing(built.stdout[-1500:])
    with tempfile.TemporaryDirectory() as results:
        subprocess.run([PROGRAM, "--filter", "*", "--artifacts", results], stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, check=True, timeout=120)
        reports = [json.loads(f.read_text()) for f in Path(results).glob("results/*-report-full.json")]
    return {(b["Type"], b["Method"]): (iterations(b), b["Memory"]["BytesAllocatedPerOperation"])
            for report in reports for b in report["Benchmarks"]}


def iterations(benchmark):
    return [m["Nanoseconds"] / m["Operations"] for m in benchmark["Measurements"]
            if m["IterationMode"] == "Workload" and m["IterationStage"] == "Result"]


def measure():
    found = run()

    def row(text, key):
        times, allocated = found[key]
        return Row(f"{text} (in-process)", f"{describe(times, 'ns', 1)}, {allocated} B allocated")

    read = compare("generation through CounterPageReader (baseline: load of a field; in-process)",
                   found["PageReads", "ReadGeneration"][0], found["PageReads", "LoadField"][0], "ns", digits=2)
    times, allocated = found["WatchPath", "WordAndAck"]
    return [exact("allocated per word and ack on the watch path (in-process, 64 connections)", allocated, 0,
                  f"{allocated} B ({describe(times, 'ns')} a word)", "0 B"),
            read,
            row("whole page, seqlock", ("PageReads", "ReadWholePage")),
            row("publish to a page, nobody waiting", ("PageWrites", "Publish")),
            row("bump and ack, per watcher", ("Registry", "BumpAndAckPerWatcher")),
            row("write a delivery line", ("Messages", "WriteDelivery")),
            row("read a delivery line", ("Messages", "ReadDelivery")),
            row("webhook: review of a pod to its answer", ("Injection", "Review"))]
