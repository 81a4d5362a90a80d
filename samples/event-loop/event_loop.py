#!/usr/bin/env python3
"""Workflow 2, event loop: the watch socket together with other descriptors.

One loop waits for lines of input, each of which gets a token, and for the generation. Nothing is locked: a request is
served before the change or after it, never during it. A request that was being served when the world was restored is
not caught; what must never exist twice needs the two checks of ../critical-section as well.

    samples/run.sh event-loop python        Environment: SYSGENID_DIR, default /run/sysgenid
"""
import asyncio
import os
import random
import sys

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 1.0  # seconds


class Tokens:
    """What must not exist twice: the state of a generator."""

    def __init__(self):
        self.generation = None
        self._random = None

    def rebuild(self, generation):
        # A new object, seeded from the kernel, which knows of no copy of this process.
        self._random = random.Random(os.urandom(32))
        self.generation = generation
        print(f"generation {generation}: seeded anew", flush=True)

    def mint(self):
        print(f"token {self._random.getrandbits(64):016x} of generation {self.generation}", flush=True)


async def follow(path, tokens, is_ready):
    """Rebuilds at every change and acks; comes back whenever the connection ends."""
    pause = SHORTEST_PAUSE
    while True:
        try:
            reader, writer = await asyncio.open_unix_connection(path)
            try:
                # Who comes back says first what it handled last (S23); who is new is up to date (S05).
                if tokens.generation is not None:
                    writer.write(word(tokens.generation))
                while True:
                    generation = int.from_bytes(await reader.readexactly(4), sys.byteorder)
                    if generation != tokens.generation:
                        tokens.rebuild(generation)
                    is_ready.set()
                    # After the work: until then wait-watchers waits for us. The loop never blocks on so few bytes.
                    writer.write(word(generation))
                    pause = SHORTEST_PAUSE
            finally:
                writer.close()
        except (OSError, asyncio.IncompleteReadError):
            # End of stream comes before every checkpoint (S22) and when the sidecar starts again; nobody accepts
            # meanwhile. Both pass.
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


async def serve(tokens, is_ready):
    """A token for each line of input, until it ends."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    # Seeded behind the first word: a seed that is older than the connection might be a copy already.
    await is_ready.wait()
    while await lines.readline():
        tokens.mint()


def word(generation):
    return generation.to_bytes(4, sys.byteorder)


async def main():
    path = os.path.join(os.environ.get("SYSGENID_DIR", "/run/sysgenid"), "watch.sock")
    tokens, is_ready = Tokens(), asyncio.Event()
    following = asyncio.create_task(follow(path, tokens, is_ready))
    serving = asyncio.create_task(serve(tokens, is_ready))
    # The follower never ends by itself; should it fail, so does the program, instead of going on unaware.
    done, _ = await asyncio.wait([following, serving], return_when=asyncio.FIRST_COMPLETED)
    following.cancel()
    for task in done:
        task.result()


asyncio.run(main())
