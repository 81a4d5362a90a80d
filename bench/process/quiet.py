"""How much of the processors other work takes, and waiting until it is little."""

import time

LITTLE = 0.15  # of all processors


def _times():
    fields = [int(f) for f in open("/proc/stat").readline().split()[1:9]]
    return fields[3] + fields[4], sum(fields)


def busy(seconds=0.5):
    """The share of the processors in use now; to be asked while nothing of ours runs."""
    idle, total = _times()
    time.sleep(seconds)
    idle_after, total_after = _times()
    return 1 - (idle_after - idle) / (total_after - total)


class Patience:
    """Waits for a quiet machine, but not longer than so many seconds in all."""

    def __init__(self, seconds):
        self.left = seconds

    def wait(self):
        """Whether it became quiet."""
        while (share := busy()) > LITTLE:
            self.left -= 0.5
            if self.left <= 0:
                return False
        return share <= LITTLE
