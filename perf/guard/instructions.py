#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of a fixed loop of loan, send, receive and release, and compares them with those in the
tree: a change of more than 3 % fails, with the difference by function. Only functions of our own count, so that it
does not matter which C library or processor this is; another compiler makes other instructions, and is a reason to
skip. With --update the counts of this build become those in the tree.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

CASES = ("alone", "in-slot", "in-two-lines", "by-reference", "slice-in-two-lines", "slice-by-reference")
COUNTED = 10_000
TOLERATED = 0.03
SKIPPED = 77
COUNTS = pathlib.Path(__file__).with_name("counts.json")
OURS = re.compile(r"\b(ipc|bench)::")


def costs_by_function(text, events):
    """Of a callgrind profile: how many of each of these events happened in each function, calls left out."""
    names, costs, current, is_call, columns = {}, {}, None, False, ()
    for line in text.splitlines():
        if line.startswith("events:"):
            known = line.split()[1:]
            columns = [known.index(event) for event in events]
        elif line.startswith(("fn=", "cfn=")):
            number, _, name = re.match(r"c?fn=\((\d+)\)( (.*))?", line).groups()
            if name:
                names[number] = name
            if line.startswith("fn="):
                current = names[number]
        elif line.startswith("calls="):
            is_call = True
        elif line and (line[0].isdigit() or line[0] in "+-*"):
            if not is_call:
                happened = line.split()[1:]  # zeros at the end are left out
                sums = costs.setdefault(current, [0] * len(columns))
                for i, column in enumerate(columns):
                    sums[i] += int(happened[column]) if column < len(happened) else 0
            is_call = False
    return costs


def count(program, case, events=("Ir",), options=()):
    """What happened in each of our functions, for each sample."""
    with tempfile.TemporaryDirectory() as directory:
        profile = pathlib.Path(directory) / "profile"
        subprocess.run(["valgrind", "--tool=callgrind", "--quiet", f"--callgrind-out-file={profile}", *options,
                        "--toggle-collect=*counted_loop*", "--collect-atstart=no", program, case], check=True)
        costs = costs_by_function(profile.read_text(), events)
    return {re.sub(r"\(.*", "", name).replace("(anonymous namespace)::", ""): [round(cost / COUNTED, 2) for cost in sums]
            for name, sums in sorted(costs.items()) if OURS.search(name) and sums[0] >= COUNTED / 10}


def instructions(program, case):
    return {name: counted for name, (counted,) in count(program, case).items()}


def difference(before, now):
    lines = []
    for name in sorted(set(before) | set(now), key=lambda name: -abs(now.get(name, 0) - before.get(name, 0))):
        if (change := now.get(name, 0) - before.get(name, 0)) != 0:
            lines.append(f"  {change:+8.2f}  {before.get(name, 0):8.2f} -> {now.get(name, 0):8.2f}  {name}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="ipc-guard-loop")
    parser.add_argument("--compiler", required=True, help="what it was built with")
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("skipped: no valgrind, so instructions cannot be counted")
        return SKIPPED
    known = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    if not options.update and known.get("compiler") != options.compiler:
        print(f"skipped: the counts in the tree are of {known.get('compiler')}, this build is of {options.compiler}")
        return SKIPPED
    counted = {case: instructions(options.program, case) for case in CASES}
    if options.update:
        COUNTS.write_text(json.dumps({"compiler": options.compiler, "instructions": counted}, indent=2) + "\n")
        print(f"written: {COUNTS}")
        return 0
    failed = False
    for case, now in counted.items():
        before = known["instructions"][case]
        total_before, total = sum(before.values()), sum(now.values())
        change = total / total_before - 1
        print(f"{case}: {total:.1f} instructions for each sample, {total_before:.1f} in the tree ({change:+.1%})")
        if abs(change) > TOLERATED:
            failed = True
            print(difference(before, now))
    if failed:
        print(f"More than {TOLERATED:.0%}. If that is meant, say so in the tree: perf/guard/instructions.py --update")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
