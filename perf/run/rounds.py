# SPDX-License-Identifier: Apache-2.0
"""From what each round measured to figures: median, spread, and multiples of the bare ping-pong of the round."""

import statistics

# Two processors of a virtual machine are threads of one core one minute, share a cache the next, and then do not:
# 33, 60 and 250 ns on the machines seen so far. A round belongs to where its own bare ping-pong puts it; the same
# as in perf/src/rounds.cpp.
DISTANCES = {"siblings": 45, "near": 125, "far": float("inf")}
# Where the bare ping-pong differs by more than this within a round, the machine changed meanwhile.
TOLERATED_CHANGE = 0.2

PERCENTILES = (50, 90, 99, 99.9, 99.99)


def bare_ns(round_):
    return (round_["bare_before_ns"] + round_["bare_after_ns"]) / 2


def is_steady(round_):
    return abs(round_["bare_after_ns"] - round_["bare_before_ns"]) <= TOLERATED_CHANGE * round_["bare_before_ns"]


def distance(round_):
    return next(name for name, below in DISTANCES.items() if bare_ns(round_) < below)


def spread(values):
    """The middle half's width, as a part of the median."""
    if len(values) < 2:
        return 0.0
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / statistics.median(values)


def merged(distributions):
    counts = {}
    for steps in distributions:
        for upper, count in steps:
            counts[upper] = counts.get(upper, 0) + count
    return sorted(counts.items())


def percentile(steps, percent):
    """The upper end of the step that it lies in; None where there are too few for it to mean anything."""
    total = sum(count for _, count in steps)
    if total * (100 - percent) / 100 < 1:
        return None
    seen = 0
    for upper, count in steps:
        seen += count
        if seen >= total * percent / 100:
            return upper
    return None


def figure(rounds, time):
    """`time`: the name of what was measured, in nanoseconds."""
    ratios = [r[time] / bare_ns(r) for r in rounds]
    result = {
        "rounds": len(rounds),
        "ns": round(statistics.median(r[time] for r in rounds), 1),
        "bare_ns": round(statistics.median(bare_ns(r) for r in rounds), 1),
        "ratio": round(statistics.median(ratios), 3),
        "spread": round(spread(ratios), 3),
    }
    # How much is behind it, over all rounds.
    for what in ("exchanges", "messages"):
        if all(what in r for r in rounds):
            result[what] = sum(r[what] for r in rounds)
    steps = merged(r["distribution"] for r in rounds if "distribution" in r)
    if steps:
        for percent in PERCENTILES:
            value = percentile(steps, percent)
            result[f"p{percent}_ns"] = value and round(value, 1)
        result["distribution"] = [[round(upper, 1), count] for upper, count in steps]
    return result
