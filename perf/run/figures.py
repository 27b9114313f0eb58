# SPDX-License-Identifier: Apache-2.0
"""The figures of one machine, from its results."""

import json
import statistics

import gnuplot
import tables
from gnuplot import Series


def _rows(directory, name):
    path = directory / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []


def _where_most_were(rows, *keys):
    """Of rows that are alike in `keys` the one with most rounds: the machine moves, and a line would have holes."""
    found = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        if row["rounds"] > found.get(key, {"rounds": 0})["rounds"]:
            found[key] = row
    return list(found.values())


def _distances(rows, name, usual=None):
    """Said of a line: how far apart the cores were for most of its points, unless it is the usual, and for which they
    were not."""
    # Results from before distances were told apart do not say.
    known = [row.get("distance") for row in rows]
    most = usual or statistics.mode(known)
    said = [] if usual else [most]
    said += [f"{name(row)} {where}" for row, where in zip(rows, known) if where != most]
    return f" ({'; '.join(said)})" if most and said else ""


def _size(row):
    return tables.size_name(row["payload"])


def _by_payload(rows, waiting):
    """(system, its rows), the fastest last; polling, sleeping, or the better of both."""
    found = {}
    for row in rows:
        if row["purpose"] != "exchange" or waiting not in (row["waiting"], "better"):
            continue
        of_system = found.setdefault(row["system"], {})
        if row["payload"] not in of_system or row["ns"] < of_system[row["payload"]]["ns"]:
            of_system[row["payload"]] = row
    sorted_rows = {system: [row for _, row in sorted(of_system.items())] for system, of_system in found.items()}
    return sorted(sorted_rows.items(), key=lambda pair: -next((row["ns"] for row in pair[1] if row["payload"] == 64), 0))


def _of_systems(rows, value, waiting, where, order):
    return [Series(tables.name_of(system) + _distances(of_system, _size, where), gnuplot.style(order[system]),
                   [(row["payload"], row[value]) for row in of_system]) for system, of_system in _by_payload(rows, waiting)]


def _bare_ns(rows):
    return statistics.median(row["bare_ns"] for row in rows)


def _latency(directory, rows, where, order):
    bare_ns = _bare_ns([row for row in rows if row["distance"] == where])
    sizes = sorted({row["payload"] for row in rows})
    ends = (sizes[0], sizes[-1])
    for waiting, title in (("better", "polling or sleeping, whichever is faster"), ("sleeping", "receivers that sleep")):
        series = _of_systems(rows, "ns", waiting, where, order)
        series.append(Series("bare ping-pong", gnuplot.limit(), [(end, bare_ns) for end in ends]))
        more = ("set logscale xy\n" + gnuplot.size_tics() + gnuplot.TIME_TICS +
                f"set xrange [{ends[0]}:{ends[1]}]\nset yrange [10:]\n")
        name = "latency" if waiting == "better" else "latency-sleeping"
        gnuplot.lines(directory / f"{name}.svg",
                      gnuplot.heading(f"One way, by payload: {title} (cores {where})", "payload",
                                      "half of a round trip, median", more), series)


def _multiple(directory, rows, where, order):
    series = _of_systems(rows, "ratio", "better", where, order)
    sizes = sorted({row["payload"] for row in rows})
    series.append(Series("bare ping-pong", gnuplot.limit(), [(sizes[0], 1), (sizes[-1], 1)]))
    more = ("set logscale xy\nset format y '%g ×'\n" + gnuplot.size_tics() +
            f"set xrange [{sizes[0]}:{sizes[-1]}]\nset yrange [0.7:]\n")
    gnuplot.lines(directory / "multiple.svg",
                  gnuplot.heading(f"How many times a bare ping-pong of two words one message takes (cores {where})",
                                  "payload", "multiple of the bare ping-pong of the same round, median", more), series)


def _distribution(directory, rows, where, order):
    series, drawn = [], []
    for system, _ in _by_payload(rows, "better"):
        row = tables.best(rows, system=system, purpose="exchange", payload=64)
        if not row or "distribution" not in row:
            continue
        total, left, points = sum(count for _, count in row["distribution"]), 0, []
        for upper, count in row["distribution"]:
            left += count
            if total - left >= 1:
                points.append((total / (total - left), upper))
        series.append(Series(tables.name_of(system) + tables.elsewhere(row, where),
                             gnuplot.style(order[system], marks=False), points))
        drawn.append(row)
    if not drawn:
        return
    series.append(Series("bare ping-pong", gnuplot.limit(), [(end, _bare_ns(drawn)) for end in (1.05, 10000)]))
    more = ("set logscale xy\n" + gnuplot.TIME_TICS + "set xtics ('50 %%' 2, '90 %%' 10, '99 %%' 100, '99.9 %%' 1000, "
            "'99.99 %%' 10000)\nset xrange [1.05:10000]\nset yrange [10:]\n")
    gnuplot.lines(directory / "distribution.svg",
                  gnuplot.heading(f"64 bytes, one way: so many messages take at most so long (cores {where})", "messages",
                                  "half of a round trip", more), series)


def _throughput(directory, rows, where, order):
    flows = [row for system in order if (row := tables.best(rows, system=system, purpose="flow", payload=64))]
    limits = [("reference ring", 1e6 * row["reference_million_per_s"])
              for row in _rows(directory, "flow") if row.get("distance") == where]
    gnuplot.bars(directory / "throughput.svg",
                 gnuplot.heading(f"64 bytes, one way, without loss: messages per second (cores {where})", "",
                                 "messages per second", "set logscale y\nset ytics ('10 thousand' 1e4, '100 thousand' 1e5, "
                                 "'1 million' 1e6, '10 million' 1e7, '100 million' 1e8)\nset yrange [1e4:1e8]\n"),
                 [(tables.name_of(row["system"]) + tables.elsewhere(row, where), gnuplot.color(order[row["system"]]),
                   1e9 / row["ns"]) for row in sorted(flows, key=lambda row: row["ns"])], limits)


def _calls(directory, rows, where, order):
    """A message there and one back: of the others what they carry fastest, of ours a request and its response, too."""
    trips, drawn = {}, []
    for system in order:
        row = tables.best(rows, system=system, purpose="exchange", payload=64)
        if row:
            trips[tables.name_of(system) + tables.elsewhere(row, where)] = (2 * row["ns"], gnuplot.color(order[system]))
            drawn.append(row)
    for row in _rows(directory, "request"):
        if row["request"] == "round trip, 64 bytes both ways" and row.get("distance") == where:
            trips["libipc, request"] = (row["ns"], gnuplot.color(0))
    limits = [("bare ping-pong, there and back", 2 * _bare_ns(drawn))] if drawn else []
    gnuplot.bars(directory / "round-trip.svg",
                 gnuplot.heading(f"64 bytes there and back, polling or sleeping, whichever is faster (cores {where})", "",
                                 "time, median", "set logscale y\n" + gnuplot.TIME_TICS + "set yrange [50:]\n"),
                 [(name, bar, ns) for name, (ns, bar) in sorted(trips.items(), key=lambda item: item[1])], limits, "left")


def _fan(directory):
    rows = _where_most_were(_rows(directory, "fan"), "fan", "ports")
    series = []
    for i, kind in enumerate(dict.fromkeys(row["fan"] for row in rows)):
        of_kind = [row for row in rows if row["fan"] == kind]
        series.append(Series(kind + _distances(of_kind, lambda row: row["ports"]), gnuplot.style(i),
                             [(row["ports"], row["each_ns"]) for row in of_kind]))
        series.append(Series("bare ping-pong in the same rounds", gnuplot.limit(gnuplot.color(i)),
                             [(row["ports"], row["raw_one_way_ns"]) for row in of_kind]))
    if series:
        more = "set logscale x 2\nset yrange [0:]\nset key outside bottom center\n"
        gnuplot.lines(directory / "fan.svg",
                      gnuplot.heading("Cost of each receiver to a send, of each sender to a receive",
                                      "receivers or senders", "ns for each", more), series)


def _batches(directory):
    rows = _where_most_were(_rows(directory, "throughput"), "payload", "batch")
    series = []
    for i, batch in enumerate(sorted({row["batch"] for row in rows}, reverse=True)):
        of_batch = [row for row in rows if row["batch"] == batch]
        series.append(Series(f"{batch} at once" + _distances(of_batch, _size),
                             gnuplot.style(i), [(row["payload"], row["million_per_s"]) for row in of_batch]))
    if series:
        sizes = sorted({row["payload"] for row in rows})
        bare_ns = {size: statistics.median(row["raw_one_way_ns"] for row in rows if row["payload"] == size)
                   for size in sizes}
        series.append(Series("bare ping-pong, one way", gnuplot.limit(), [(size, 1e3 / ns) for size, ns in bare_ns.items()]))
        more = ("set logscale xy\n" + gnuplot.size_tics() + f"set xrange [{sizes[0]}:{sizes[-1]}]\n"
                "set ytics (1, 2, 5, 10, 20, 50, 100)\nset yrange [1:]\n")
        gnuplot.lines(directory / "batches.svg",
                      gnuplot.heading("libipc, one way: so many are sent, and more once all were taken", "payload",
                                      "million samples per second", more), series)


def draw(directory):
    if not gnuplot.installed():
        print("no gnuplot, no figures (scripts/setup --peers)")
        return
    if rows := _rows(directory, "peers"):
        where = tables.common_distance(rows)
        ours_first = sorted(dict.fromkeys(row["system"] for row in rows), key=lambda system: system != "libipc")
        order = {system: i for i, system in enumerate(ours_first)}
        for figure in (_latency, _multiple, _distribution, _throughput, _calls):
            figure(directory, tables.mostly(rows, where), where, order)
    _fan(directory)
    _batches(directory)
