#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the table of perf/README.md that says where a sample's instructions go: for each kind of sample and each
part of its way, instructions / loads / stores / conditional branches, by callgrind."""

import argparse
import sys

import instructions

KINDS = {"in-slot": "8 B, in the slot", "in-two-lines": "64 B, in two lines", "by-reference": "1 KiB, by reference",
         "slice-in-two-lines": "64 B, slice", "slice-by-reference": "1 KiB, slice"}
EVENTS = ("Ir", "Dr", "Dw", "Bc")
# What each part consists of: functions whose name contains one of these.
SENDING = {"the user's part of sending": ("bench::Sender<", "bench::SliceSender<"),
           "`loan`": ("PublisherPort::loan", "untyped::Publisher::loan"),
           "`send`": ("PublisherPort::send", "untyped::SampleMut::send"),
           "… looking at return flags (`collect`)": ("SendingPort::collect",)}
RECEIVING = {"`receive`": ("SamplePort::receive", "untyped::Subscriber::take", "Intake::count_elements"),
             "release": ("Place::release", "untyped::Sample::release"),
             "the user's part of receiving": ("counted_loop",)}


def total(costs, parts):
    chosen = [sums for name, sums in costs.items()
              if any(part in name for part in parts) and ("counted_loop" in parts or "counted_loop" not in name)]
    return [sum(column) for column in zip(*chosen)] if chosen else [0] * len(EVENTS)


def cell(sums):
    return " / ".join(f"{value:.0f}" for value in sums) if any(sums) else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="ipc-guard-loop")
    program = parser.parse_args().program
    counted = {kind: instructions.count(program, kind, EVENTS, ("--cache-sim=yes", "--branch-sim=yes"))
               for kind in KINDS}
    print("| | " + " | ".join(KINDS.values()) + " |\n" + "|---" * (len(KINDS) + 1) + "|")
    for side, parts in (("the sender", SENDING), ("the receiver", RECEIVING)):
        rows = {part: [total(costs, names) for costs in counted.values()] for part, names in parts.items()}
        for name, columns in rows.items():
            print(f"| {name} | " + " | ".join(cell(sums) for sums in columns) + " |")
        sums = [[sum(values) for values in zip(*column)] for column in zip(*rows.values())]
        print(f"| **{side}** | " + " | ".join(f"**{cell(column)}**" for column in sums) + " |")


if __name__ == "__main__":
    sys.exit(main())
