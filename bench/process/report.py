"""One row per measure, what noise allows, and the table."""

import random
from dataclasses import dataclass


def percentile(samples, share):
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def median(samples):
    return percentile(samples, 0.5)


def interval(statistic, *samples):
    """The middle 95 % of what `statistic` gives for samples drawn again from these samples."""
    source = random.Random(1)
    drawn = sorted(statistic(*(source.choices(s, k=len(s)) for s in samples)) for _ in range(500))
    return drawn[12], drawn[487]


@dataclass
class Row:
    measure: str
    ours: str
    baseline: str = "-"
    ratio: str = "-"
    target: str = "-"
    met: str = "-"
    missed: bool = False
    exact: bool = False


def verdict(value, low, limit):
    """(text, missed): a value over its limit counts as missed only when all of its interval is."""
    if value <= limit:
        return "yes", False
    return ("no", True) if low > limit else ("within noise", False)


def describe(samples, unit, digits=0):
    return f"{median(samples):.{digits}f} / {percentile(samples, 0.99):.{digits}f} {unit}"


def compare(measure, ours, baseline, unit, digits=0, ratio_limit=None, limit=None, target="-"):
    """A row of two distributions; the limit is on the ratio of medians or on our median."""
    ratio = median(ours) / median(baseline)
    row = Row(measure, describe(ours, unit, digits), describe(baseline, unit, digits), f"{ratio:.2f}", target)
    if ratio_limit is not None:
        low, _ = interval(lambda a, b: median(a) / median(b), ours, baseline)
        row.met, row.missed = verdict(ratio, low, ratio_limit)
    elif limit is not None:
        low, _ = interval(median, ours)
        row.met, row.missed = verdict(median(ours), low, limit)
    return row


def exact(measure, value, limit, text, target, baseline="-"):
    """A row of a number that has no noise, such as a size."""
    met, missed = verdict(value, value, limit)
    return Row(measure, text, baseline, "-", target, met, missed, exact=True)


def table(rows):
    lines = ["| measure | ours | baseline | ratio | target | met |", "|---|---|---|---|---|---|"]
    lines += [f"| {r.measure} | {r.ours} | {r.baseline} | {r.ratio} | {r.target} | {r.met} |" for r in rows]
    return "\n".join(lines)
