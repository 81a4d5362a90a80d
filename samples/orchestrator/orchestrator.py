#!/usr/bin/env python3
"""Workflow 4, orchestrator: pause the service, ack itself, wait for the other watchers, resume; interrupted: start over.

After a restore a pod should not serve before all its programs have adapted. This one keeps a file that is there while
the pod may serve, for a readiness probe (exec: test -f READY) or a front door that looks at it.

    samples/run.sh orchestrator python [--ready FILE] [--timeout SECONDS]

Environment: SYSGENID_DIR, default /run/sysgenid
"""
import argparse
import json
import os
import pathlib
import socket
import sys
import time

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 1.0  # seconds


class Service:
    """What is paused: here a file. It begins paused, for nobody knows yet whether all are up to date."""

    def __init__(self, ready):
        self._ready = pathlib.Path(ready)
        self._ready.unlink(missing_ok=True)

    def pause(self, generation):
        self._ready.unlink(missing_ok=True)
        say(f"generation {generation}: paused, waiting for the others")

    def resume(self, generation):
        self._ready.touch()
        say(f"generation {generation}: resumed")


class WatchSocket:
    """This program's own place among the watchers."""

    def __init__(self, path, handled):
        self._socket = connect(path)
        # Who comes back says first what it handled last (S23).
        if handled is not None:
            self.acknowledge(handled)

    def next_generation(self, handled):
        """Sleeps until the generation is another one than the last handled."""
        while (generation := self._read()) == handled:
            pass  # the greeting of a new connection, or an ack of ours that crossed a bump
        return generation

    def acknowledge(self, generation):
        self._socket.sendall(generation.to_bytes(4, sys.byteorder))

    def _read(self):
        word = self._socket.recv(4, socket.MSG_WAITALL)
        if len(word) < 4:
            raise ConnectionError("end of stream")
        return int.from_bytes(word, sys.byteorder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()


def connect(path):
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.connect(path)
    except OSError:
        connection.close()
        raise
    return connection


def wait_for_the_others(path, generation, timeout):
    """Asks once; returns "ok", "interrupted" (S12) or "timed-out"."""
    request = {"op": "wait-watchers", "generation": generation, "timeoutMs": max(1, int(timeout * 1000))}
    with connect(path) as control, control.makefile("rb") as lines:
        control.sendall(json.dumps(request).encode() + b"\n")
        if not (line := lines.readline()).endswith(b"\n"):
            raise ConnectionError("end of stream")
    answer = json.loads(line)
    if answer["ok"]:
        return "ok"
    if answer["error"] in ("interrupted", "timed-out"):
        return answer["error"]
    if answer["error"] == "too-many-connections":
        raise ConnectionError(answer["message"])  # passes, like a sidecar that is away
    sys.exit(f"wait-watchers: {answer['message']}")


def adapt(service, watch, control_path, generation, timeout):
    """From the pause to the resume. Returns the generation that all have handled."""
    while True:
        service.pause(generation)
        # Itself first: it is a watcher like the others, and would wait for itself.
        watch.acknowledge(generation)
        while (outcome := wait_for_the_others(control_path, generation, timeout)) == "timed-out":
            # It stays paused. Somebody else may have to end a program that hangs; its place goes with it (S11).
            say(f"generation {generation}: somebody is still outdated after {timeout:g} s, waiting on")
        if outcome == "ok":
            service.resume(generation)
            return generation
        generation = watch.next_generation(generation)
        say(f"generation {generation} came in between: starting over")


def say(text):
    print(text, flush=True)


def main():
    options = argparse.ArgumentParser(description="Pauses a service until every watcher has adapted.")
    options.add_argument("--ready", metavar="FILE", default="/tmp/ready", help="is there while the pod may serve (default: %(default)s)")
    options.add_argument("--timeout", metavar="SECONDS", type=float, default=10, help="how long one wait may take (default: %(default)s)")
    options = options.parse_args()
    directory = os.environ.get("SYSGENID_DIR", "/run/sysgenid")
    watch_path, control_path = (os.path.join(directory, name) for name in ("watch.sock", "control.sock"))

    service, handled, pause = Service(options.ready), None, SHORTEST_PAUSE
    while True:
        try:
            with WatchSocket(watch_path, handled) as watch:
                while True:
                    generation = watch.next_generation(handled)
                    pause = SHORTEST_PAUSE
                    handled = adapt(service, watch, control_path, generation, options.timeout)
        except OSError:
            # A checkpoint is being taken (S22), or the sidecar starts again. "handled" is what was seen through to the
            # resume, so a round that was cut off is done again.
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


try:
    main()
except KeyboardInterrupt:
    pass
