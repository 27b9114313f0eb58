# SPDX-License-Identifier: Apache-2.0
"""The comparison as a table of Markdown: for people, and for the README."""

import statistics

import rounds
from contest import KIB, MIB


# What others know a system by, where its program says less.
NAMES = {"iceoryx": "iceoryx classic", "boost message_queue": "Boost message_queue", "unix stream": "Unix socket, stream",
         "unix seqpacket": "Unix socket, seqpacket", "POSIX queue": "POSIX message queue",
         "Cyclone DDS (shm)": "Cyclone DDS, shared memory", "Cyclone DDS": "Cyclone DDS, loopback",
         "Fast DDS": "Fast DDS, shared memory"}


def name_of(system):
    return NAMES.get(system, system)


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


def mostly(summary, where):
    """Of what is alike but for the distance, what was measured there; or else, so that nothing is lost, what has most
    rounds elsewhere."""
    found = {}
    for row in sorted(summary, key=lambda row: (row["distance"] == where, row["rounds"])):
        found[tuple(row[name] for name in ("system", "purpose", "waiting", "payload"))] = row
    return list(found.values())


def elsewhere(row, where):
    return "" if row["distance"] == where else f" ({row['distance']})"


def best(summary, **wanted):
    """Polling or sleeping, whichever took less."""
    found = [row for waiting in ("polling", "sleeping") if (row := find(summary, waiting=waiting, **wanted))]
    return min(found, key=lambda row: row["ns"], default=None)


def _multiple(value):
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}" if value >= 0.095 else f"{value:.2f}"


def _titled(system, how):
    """With its version, where what it says about itself begins with one."""
    name = name_of(system)
    said = how.split(",")[0]
    return said if said.startswith(name + " ") else name


def _from_to(values):
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{low} to {high}"


def comparison(summary, systems, where):
    """Sorted by the latency of 64 bytes; exactly what the README shows. `systems`: as they describe themselves."""
    shown = mostly(summary, where)
    hows = {about["system"]: about["how"] for about in systems if about}

    def row_of(system, size, purpose="exchange", waiting=None):
        wanted = {"system": system, "purpose": purpose, "payload": size}
        return find(shown, waiting=waiting, **wanted) if waiting else best(shown, **wanted)

    def cell(row, text):
        return text(row) + elsewhere(row, where) if row else "–"

    def time(row):
        return time_name(row["ns"])

    ranked = sorted((row for system in hows if (row := row_of(system, 64))), key=lambda row: row["ns"])
    head = ["", "64 B", "to the bare ping-pong", "99.9 % of 64 B within", "1 MiB", "64 B to a sleeper",
            "64 B flow, million/s"]
    lines = ["| " + " | ".join(head).strip() + " |", "|" + "---|" * len(head)]
    for row in ranked:
        system = row["system"]
        name = _titled(system, hows[system])
        cells = [f"**{name}**" if system == "libipc" else name, cell(row, time), _multiple(row["ratio"]),
                 time_name(row["p99.9_ns"]), cell(row_of(system, MIB), time),
                 cell(row_of(system, 64, waiting="sleeping"), time),
                 cell(row_of(system, 64, "flow"), lambda flow: _multiple(1e3 / flow["ns"]))]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def caption(summary, where):
    """What the numbers are."""
    there = [row for row in summary if row["distance"] == where]
    there = [row for row in there if row["payload"] == 64] or there
    bare_ns = statistics.median(row["bare_ns"] for row in there)
    counted = _from_to([row["rounds"] for row in there])
    return ("One way between two processes, polling or sleeping, whichever is faster: half of a round trip, medians "
            f"(rounds: {counted}), with cores that are {where} ({bare_ns:.0f} ns one way in the bare ping-pong). –: of "
            "99.9 %, too few exchanges to tell; of a size or a flow, it does not carry that, or did not answer.")


def page(summary, systems, where):
    """All of it."""
    if not summary:
        return "No round of any system counted.\n"
    hows = [f"* {name_of(about['system'])}: {about['how']}" for about in systems if about]
    return "\n\n".join([caption(summary, where), comparison(summary, systems, where), "\n".join(hows)]) + "\n"


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
