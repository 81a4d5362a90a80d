"""Measures SysGenId against baselines taken in the same run. Started by bench/run.sh."""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import cluster
import micro
import restore
from programs import BUILT, CLI, HOOK, ROOT, SIDECAR, Missing, baseline, compile_baselines, need
from quiet import LITTLE, Patience, busy
from report import Row, compare, exact, table
from rig import PodProcess, Rig, connect_watcher, context_switches, memory, switched

MARKERS = ("<!-- measured -->", "<!-- /measured -->")
MIB = 1024 * 1024


def publish_rows(rounds=400):
    with Rig(1) as rig, PodProcess(rig.pods[0]) as init:
        found = baseline("restored", rounds, rig.socket, rig.pages[0], init)
        if found["stale"]:
            raise Missing(f"{found['stale']} answers came before the page was published")
    samples = {name: d["samples"] for name, d in found.items() if isinstance(d, dict)}
    return [compare("hook's request to page published, 1 sidecar (baseline: two C processes)", samples["ours_page"],
                    samples["relay_page"], "us", limit=300, target="median < 300 us"),
            compare("hook's request to a process asleep on the page awake", samples["ours_awake"], samples["relay_awake"], "us"),
            compare("hook's request to the answer that lets CRIU go on", samples["ours_answer"], samples["relay_answer"], "us"),
            compare("the same with connecting", samples["ours_with_connect"], samples["relay_with_connect"], "us")]


def fanout_rows(rounds=150, sidecars=64, watchers=256):
    with Rig(sidecars) as rig:
        found = baseline("fanout", rounds, watchers, rig.socket, *rig.watch_sockets)
        futex = baseline("futex", rounds, watchers, rig.socket, *rig.pages)
    s = {name: d["samples"] for name, d in found.items() if isinstance(d, dict)}
    f = {name: d["samples"] for name, d in futex.items() if isinstance(d, dict)}
    last = f"bump to last of {watchers} watchers in {sidecars} sidecars awake"
    return [compare(f"{last} (baseline: C, sockets)", s["ours_last"], s["socket_last"], "us",
                    ratio_limit=2, target="ratio <= 2"),
            compare("the same against C, pipes", s["ours_last"], s["pipe_last"], "us"),
            compare("the same, everyone acks at once", s["ours_ack_last"], s["socket_ack_last"], "us"),
            compare("bump to first watcher awake", s["ours_first"], s["socket_first"], "us"),
            compare("bump to half of the watchers awake", s["ours_half"], s["socket_half"], "us"),
            compare(f"bump to last of {watchers} in FUTEX_WAIT on {sidecars} pages (baseline: one word, C)",
                    f["ours"], f["all"], "us")]


def hook_rows(rounds=100):
    need(HOOK)
    with (Rig(1, directory=restore.SOCKET_DIRECTORY) as rig, PodProcess(rig.pods[0]) as init,
          tempfile.TemporaryDirectory() as images):
        (Path(images) / "sysgenid.json").write_text('{"version":1,"generation":0}')

        def start(stage):
            found = baseline("spawn", rounds, BUILT / "nothing", HOOK, env={
                "CRTOOLS_SCRIPT_ACTION": stage, "CRTOOLS_IMAGE_DIR": images, "CRTOOLS_INIT_PID": str(init)})
            return found[HOOK.name]["samples"], found["nothing"]["samples"]
        stages = [("network-unlock", "a stage that is not ours"), ("post-restore", "post-restore, page published")]
        return [compare(f"hook process at {text} (baseline: static C, exits)", *start(stage), "us",
                        limit=3000, target="median < 3 ms") for stage, text in stages]


def idle_rows(seconds=10, watchers=64):
    need(SIDECAR)
    with Rig(1) as rig, ExitStack() as connections:
        for _ in range(watchers):
            connections.enter_context(connect_watcher(rig.watch_sockets[0]))
        time.sleep(1)
        sidecar, agent = rig.sidecars[0].pid, rig.agent.pid
        before = context_switches(sidecar), context_switches(agent)
        time.sleep(seconds)
        idle = [switched(*pair) for pair in zip(before, (context_switches(sidecar), context_switches(agent)))]
        rss, pss = memory(sidecar)
        agent_rss, agent_pss = memory(agent)
    return [exact(f"sidecar memory with {watchers} watchers", rss, 5 * 1024,
                  f"RSS {rss / 1024:.1f} MiB, PSS {pss / 1024:.1f} MiB", "RSS < 5 MiB"),
            exact(f"sidecar context switches when idle, {seconds} s", idle[0], 0, str(idle[0]), "0"),
            Row("agent memory", f"RSS {agent_rss / 1024:.1f} MiB, PSS {agent_pss / 1024:.1f} MiB"),
            Row(f"agent context switches when idle, {seconds} s", str(idle[1]))]


def size_rows():
    need(SIDECAR, HOOK, CLI)
    sizes = {p.name: p.stat().st_size for p in (SIDECAR, HOOK, CLI)}
    return [exact("sidecar on disk", sizes[SIDECAR.name], 4 * MIB, f"{sizes[SIDECAR.name] / MIB:.2f} MiB", "< 4 MiB"),
            Row("hook on disk", f"{sizes[HOOK.name] / MIB:.2f} MiB"), Row("CLI on disk", f"{sizes[CLI.name] / MIB:.2f} MiB")]


def load_rows(rounds=100):
    with Rig(1) as rig:
        found = baseline("load", rounds, rig.pages[0])
    return [compare("load of the counter page (baseline: of private memory)", found["page"]["samples"],
                    found["private"]["samples"], "ns", digits=2, ratio_limit=1.05, target="ratio <= 1.05")]


MEASURES = {
    "publish": publish_rows,
    "fanout": fanout_rows,
    "restore": restore.measure,
    "hook": hook_rows,
    "idle": idle_rows,
    "size": size_rows,
    "load": load_rows,
    "micro": micro.measure,
    "cluster": cluster.measure,
}


def write_document(text):
    path = ROOT / "docs" / "benchmarks.md"
    document = path.read_text()
    pattern = re.compile(f"{MARKERS[0]}.*?{MARKERS[1]}", re.S)
    path.write_text(pattern.sub(lambda _: f"{MARKERS[0]}\n{text}\n{MARKERS[1]}", document))


def on_busy_machine(row):
    """A time taken while other work ran says nothing against us; a number without noise still does."""
    if row.missed and not row.exact:
        row.met, row.missed = "no (busy machine)", False
    return row


def machine():
    kernel = os.uname().release
    processor = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    return f"Linux {kernel.split('-')[0]}, {os.cpu_count()} CPUs ({processor}); median / p99."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", type=lambda s: s.split(","), default=list(MEASURES))
    options = parser.parse_args()
    os.nice(-20)  # whatever else runs on the machine disturbs both sides less
    compile_baselines()
    rows, absent, patience = [], [], Patience(45)
    for name in options.only:
        is_quiet = patience.wait()
        start = time.monotonic()
        try:
            taken = MEASURES[name]()
            rows += taken if is_quiet and busy() <= LITTLE else [on_busy_machine(r) for r in taken]
        except (Missing, OSError, subprocess.SubprocessError) as e:
            absent.append(name)
            print(f"{name}: not measured: {e}", file=sys.stderr)
        print(f"{name}: {time.monotonic() - start:.1f} s{'' if is_quiet else ', on a busy machine'}", file=sys.stderr)
    text = f"{machine()}\n\n{table(rows)}"
    print(text)
    if options.write:
        write_document(text)
    missed = [r.measure for r in rows if r.missed]
    for measure in missed:
        print(f"missed: {measure}", file=sys.stderr)
    return 1 if options.check and (missed or absent) else 0


if __name__ == "__main__":
    sys.exit(main())
