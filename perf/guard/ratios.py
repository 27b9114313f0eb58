#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at ratios within one run: what a sample costs in units of what the machine charges in the same fraction of
a second. The bounds are those of perf/README.md, doubled, for this runs on machines that do other things, too; what
fails is tried once more. It finds the lock and the system call that crept into a sample's way, not the nanosecond.
"""

import json
import os
import subprocess
import sys

SLACK = 2.0
# benchmark, rounds, the ratio that is bounded
SKIPPED = 77
CHECKS = (("local", 3, "ratio"), ("latency", 2, "reference_ratio"))


def beyond(program, benchmark, rounds, ratio):
    """The rows that are, as text."""
    answer = subprocess.run([program, benchmark, "--quick", "--json", "--rounds", str(rounds)], check=True,
                            stdout=subprocess.PIPE, text=True).stdout
    found = []
    for row in json.loads(answer):
        if ratio not in row:
            print(f"{benchmark} {row['payload']} bytes: the machine changed in every round, so nothing is known")
            continue
        what = f"{benchmark} {row.get('operation', '')} {row['payload']} bytes: {row[ratio]:.2f}, bound {row['bound']}"
        print(what)
        if row[ratio] > SLACK * row["bound"]:
            found.append(what)
    return found


def main():
    if len(os.sched_getaffinity(0)) < 2:
        print("skipped: two processes that poll need two cores")
        return SKIPPED
    program = sys.argv[1]
    failed = []
    for check in CHECKS:
        if beyond(program, *check):
            failed += beyond(program, *check)
    for what in failed:
        print(f"more than {SLACK:.0f} times its bound, twice: {what}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
