# SPDX-License-Identifier: Apache-2.0
"""The comparison as a table of Markdown: for people, and for the README."""

import rounds
from contest import KIB, MIB


def size_name(size):
    return f"{size // MIB} MiB" if size >= MIB else f"{size // KIB} KiB" if size >= KIB else f"{size} B"


def time_name(ns):
    if ns is None:
        return "–"
    if ns < 1000:
        return f"{ns:.0f} ns"
    if ns < 10_000:
        return f"{ns / 1e3:.1f} µs"
    if ns < 1e6:
        return f"{ns / 1e3:.0f} µs"
    return f"{ns / 1e6:.1f} ms"


def find(summary, **wanted):
    for row in summary:
        if all(row[key] == value for key, value in wanted.items()):
            return row
    return None


def common_distance(summary):
    """Where most rounds were."""
    counted = dict.fromkeys(rounds.DISTANCES, 0)
    for row in summary:
        counted[row["distance"]] += row["rounds"]
    return max(counted, key=counted.get)


def best(summary, **wanted):
    """Polling or sleeping, whichever took less."""
    found = [row for waiting in ("polling", "sleeping") if (row := find(summary, waiting=waiting, **wanted))]
    return min(found, key=lambda row: row["ns"], default=None)


def _exchange(summary, system, waiting, size, where):
    row = find(summary, system=system, purpose="exchange", waiting=waiting, payload=size, distance=where)
    return time_name(row and row["ns"])


def comparison(summary, described, where):
    """Sorted by the latency of 64 bytes."""
    sizes = sorted({row["payload"] for row in summary if row["purpose"] == "exchange" and row["system"] != "libipc"})
    shown = [size for size in sizes if size in (4 * KIB, MIB)]

    def latency(system):
        row = best(summary, system=system, purpose="exchange", payload=64, distance=where)
        return row["ns"] if row else float("inf")

    systems = sorted({row["system"] for row in summary}, key=latency)
    head = ["", "64 B, polling", "× bare", "p99.9", *(f"{size_name(size)}, polling" for size in shown), "64 B, sleeping",
            "64 B flow, million/s"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for system in systems:
        row = find(summary, system=system, purpose="exchange", waiting="polling", payload=64, distance=where)
        flow = best(summary, system=system, purpose="flow", payload=64, distance=where)
        cells = [f"**{system}**" if system == "libipc" else system,
                 time_name(row and row["ns"]), f"{row['ratio']:.1f}" if row else "–", time_name(row and row["p99.9_ns"]),
                 *(_exchange(summary, system, "polling", size, where) for size in shown),
                 _exchange(summary, system, "sleeping", 64, where), f"{1e3 / flow['ns']:.2f}" if flow else "–"]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", *(f"* {about['system']}: {about['how']}" for about in described.values() if about)]
    return "\n".join(lines)


def _cell(value):
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"
    return str(value)


def plain(title, rows):
    """What one of ipc-bench's own benchmarks measured."""
    if not rows:
        return f"{title}: nothing"
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = [[name.replace("_", " ") for name in names], *([_cell(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(names))]
    left = [isinstance(rows[0].get(name), str) for name in names]
    return "\n".join([title, *("  ".join(cell.ljust(width) if to_left else cell.rjust(width)
                                         for cell, width, to_left in zip(line, widths, left)).rstrip()
                               for line in lines)]) + "\n"
