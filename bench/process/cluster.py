"""A thousand agents and one controller against a real API server: what they write, and what the controller holds."""

import collections
import datetime
import json
import os
import resource
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from programs import AGENT, ROOT, Missing, need
from report import Row, exact

# Fewer and shorter for a look at the measure itself.
NODES = int(os.environ.get("BENCH_NODES", 1000))
REST_SECONDS = int(os.environ.get("BENCH_REST", 60))
STORM_SECONDS = int(os.environ.get("BENCH_STORM", 30))
BURST_SECONDS = 5  # the first Events go out at once
STORM_RATE = 3  # restores a second on every node
PROJECT = ROOT / "bench" / "SysGenId.ClusterLoad"
PROGRAM = ROOT / "artifacts" / "bin" / PROJECT.name / "release" / PROJECT.name
WRITES = {"create", "update", "patch", "delete", "deletecollection"}
MIB = 1024


def server_program():
    for candidate in (os.environ.get("SYSGENID_TEST_APISERVER"), "/opt/test-cluster/test-apiserver"):
        if candidate and Path(candidate).exists():
            return candidate
    raise Missing("no test API server: name it in SYSGENID_TEST_APISERVER")


def line_of(process, word):
    """The rest of the next line, which must begin with a word."""
    line = process.stdout.readline().strip()
    if not line.startswith(word):
        raise Missing(f"expected `{word}`, got `{line}`")
    return line[len(word):].strip()


def ask(process, command, word):
    process.stdin.write(command + "\n")
    process.stdin.flush()
    return line_of(process, word)


class Process:
    """A program that is ended, in good order if it can be, with the block."""

    def __init__(self, *command, **options):
        self.command, self.options = [str(c) for c in command], options

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **self.options)
        return self.process

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


def memory(pid, field="VmRSS"):
    """KiB, from /proc/PID/status; VmHWM is the most it ever was."""
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(field + ":"):
            return int(line.split()[1])
    raise Missing(f"{pid} has ended")


class Audit:
    """The server's record of finished requests, read from where it was read last."""

    def __init__(self, path):
        self.path, self.position = path, 0

    def writes(self):
        """(user, resource, subresource, name, seconds) of each write since the last call."""
        found = []
        with open(self.path, "rb") as log:
            log.seek(self.position)
            for line in log:
                if not line.endswith(b"\n"):
                    break
                self.position += len(line)
                entry = json.loads(line)
                if entry["verb"] not in WRITES:
                    continue
                about = entry.get("objectRef", {})
                at = datetime.datetime.fromisoformat(entry["requestReceivedTimestamp"]).timestamp()
                found.append((entry["user"]["username"], about.get("resource"), about.get("subresource"), about.get("name"), at))
        return found


def most_in_a_second(times):
    """The most of these times that lie within any one second."""
    window, most = collections.deque(), 0
    for at in sorted(times):
        window.append(at)
        while at - window[0] >= 1:
            window.popleft()
        most = max(most, len(window))
    return most


def build():
    built = subprocess.run(["dotnet", "build", "-c", "Release", "--nologo", "-v", "q", PROJECT],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if built.returncode != 0:
        raise Missing(built.stdout[-1500:])


def measure():
    need(AGENT)
    build()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/dev/shm")))
        rows = run(stack, directory)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return rows


def run(stack, directory):
    audit = Audit(directory / "audit.log")
    server = stack.enter_context(Process(
        server_program(), "--user", "agent=agent=system:masters", "--user", "controller=controller=system:masters",
        "--audit-log", audit.path, stderr=subprocess.DEVNULL))
    kubeconfig = line_of(server, "READY kubeconfig=")
    log = stack.enter_context(open(directory / "controller.log", "w"))
    pages = directory / "pages"
    pages.mkdir()
    load = stack.enter_context(Process(PROGRAM, kubeconfig, ROOT / "config" / "crd" / "systemgenerations.yaml", NODES, pages))
    line_of(load, "made")
    controller = stack.enter_context(Process(
        AGENT, "controller", "--kubeconfig", kubeconfig, "--context", "controller", "--namespace", "sysgenid-system",
        "--sidecar-image", "sysgenid-sidecar", "--webhook-port", "18443", "--http-port", "0", stderr=log))
    reporting = float(line_of(load, "reporting"))
    time.sleep(15)  # until the last Events of the start are written
    audit.writes()

    time.sleep(REST_SECONDS)
    at_rest = audit.writes()
    resting = memory(controller.pid)

    start = time.time()
    bumps = int(ask(load, f"storm {STORM_RATE} {STORM_SECONDS}", "bumped"))
    in_storm = audit.writes()
    settled = float(ask(load, "settle", "settled"))
    in_storm += audit.writes()
    return rows_of(reporting, at_rest, resting, start, bumps, in_storm, settled, memory(controller.pid, "VmHWM"))


def rows_of(reporting, at_rest, resting, start, bumps, in_storm, settled, most):
    resting_writes = [w for w in at_rest if w[0] in ("agent", "controller") and w[1] != "leases"]
    leases = [w for w in at_rest if w[1] == "leases"]
    agents = [w for w in in_storm if w[0] == "agent"]
    statuses = collections.defaultdict(list)
    for user, what, subresource, name, at in agents:
        if what == "systemgenerations" and subresource == "status":
            statuses[name].append(at)
    busiest = max(most_in_a_second(times) for times in statuses.values())
    steady = [w for w in agents if start + BURST_SECONDS <= w[4] < start + STORM_SECONDS]
    rate = len(steady) / NODES / (STORM_SECONDS - BURST_SECONDS)
    controllers = sum(1 for w in in_storm if w[0] == "controller" and w[1] != "leases")
    return [
        Row(f"{NODES} agents start: until every object is made, reported and ready", f"{reporting:.0f} s"),
        exact(f"API writes at rest, {NODES} agents and the controller, {REST_SECONDS} s (besides the lease: {len(leases)})",
              len(resting_writes), 0, str(len(resting_writes)), "0"),
        exact(f"most status writes of one agent in any second, {STORM_RATE} restores a second on each of {NODES} nodes for {STORM_SECONDS} s",
              busiest, 1, f"{busiest} ({sum(map(len, statuses.values()))} for {bumps} restores)", "1"),
        exact(f"all writes of an agent a second, Events included, from second {BURST_SECONDS} of that storm on", rate, 1, f"{rate:.2f}", "<= 1"),
        Row("writes of the controller in that storm (besides the lease)", str(controllers)),
        Row("after the storm, until every object shows its node's generation", f"{settled:.1f} s"),
        Row(f"controller memory with {NODES} nodes", f"RSS {resting / MIB:.0f} MiB, most in the storm {most / MIB:.0f} MiB"),
    ]
