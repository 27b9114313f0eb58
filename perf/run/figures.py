# SPDX-License-Identifier: Apache-2.0
"""Figures as SVG, by gnuplot, from the results of one machine; readable on light and on dark ground."""

import json
import re
import shutil
import subprocess

import tables

INK, FAINT = "#010203", "#040506"  # replaced by what suits the ground
PALETTE = ["#d6336c", "#1c7ed6", "#2f9e44", "#f08c00", "#7048e8", "#0c8599", "#a0522d", "#868e96", "#b08900", "#5c940d",
           "#3b5bdb", "#e8590c", "#099268"]
STYLE = """<style>
.ground { fill: #ffffff; stroke: none }
svg { color: #24292f }
@media (prefers-color-scheme: dark) { .ground { fill: #161b22 } svg { color: #e6edf3 } }
</style>
<rect class="ground" x="0" y="0" width="100%" height="100%" rx="8"/>
"""
SIZE = (880, 520)


def _heading(title, x, y, more=""):
    return f"""
set terminal svg size {SIZE[0]},{SIZE[1]} dynamic font 'Helvetica,Arial,sans-serif,14' linewidth 1.6 enhanced
set title '{title}' textcolor rgb '{INK}' font ',16'
set xlabel '{x}' textcolor rgb '{INK}'
set ylabel '{y}' textcolor rgb '{INK}'
set border 3 linecolor rgb '{INK}'
set tics nomirror textcolor rgb '{INK}'
set grid linecolor rgb '{FAINT}' linewidth 0.5
set key outside right top Left reverse textcolor rgb '{INK}' spacing 1.15 samplen 1.6
{more}
"""



def _plain(name):
    return name.replace("_", r"\_")


def _plot(path, heading, series):
    """series: (name, color, kind, points)"""
    blocks, plots = [], []
    for i, (name, color, kind, points) in enumerate(series):
        blocks.append(f"$d{i} << EOD\n" + "\n".join(f"{x} {y}" for x, y in points) + "\nEOD\n")
        width = {"ours": "linespoints pointtype 7 pointsize 0.6 linewidth 2.6", "limit": "lines dashtype 2 linewidth 1.4",
                 "line": "lines linewidth 1.4"}.get(kind, "linespoints pointtype 7 pointsize 0.4 linewidth 1.2")
        plots.append(f"$d{i} using 1:2 with {width} linecolor rgb '{color}' title '{_plain(name)}'")
    script = heading + "".join(blocks) + "plot " + ", \\\n".join(plots) + "\n"
    drawn = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=True).stdout
    path.write_text(_adapted(drawn), encoding="utf-8")
    print(f"figure: {path}")


def _adapted(svg):
    """Ink follows the ground; what is faint is thin ink."""
    svg = re.sub(r' color="(black|gray)"', "", svg)
    for color, replacement in ((INK, "'currentColor'"), (FAINT, "'currentColor' stroke-opacity='0.2'")):
        numbers = r",\s*".join(str(int(color[i:i + 2], 16)) for i in (1, 3, 5))
        svg = re.sub(rf"""['"](rgb\(\s*{numbers}\s*\)|{color})['"]""", replacement, svg)
    return re.sub(r"(<svg[^>]*>)", lambda found: found.group(1) + STYLE, svg, count=1)


def _colors(systems):
    ours_first = sorted(systems, key=lambda system: system != "libipc")
    return dict(zip(ours_first, PALETTE))


def _size_tics(axis="x"):
    sizes = [8, 64, 1024, 4096, 65536, 2 ** 20, 2 ** 22, 2 ** 26]
    return f"set {axis}tics (" + ", ".join(f"'{tables.size_name(size)}' {size}" for size in sizes) + ")\n"


TIME_TICS = ("set ytics ('10 ns' 10, '100 ns' 100, '1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, "
             "'100 ms' 1e8)\n")


def _by_payload(rows, value, where, waiting):
    """(system, its points), the fastest last; polling, sleeping, or the better of both."""
    found = {}
    for row in rows:
        if row["purpose"] != "exchange" or row["distance"] != where or waiting not in (row["waiting"], "better"):
            continue
        points = found.setdefault(row["system"], {})
        points[row["payload"]] = min(row[value], points.get(row["payload"], float("inf")))
    return sorted(((system, sorted(points.items())) for system, points in found.items()),
                  key=lambda pair: -dict(pair[1]).get(64, 0))


def _latency(directory, rows, where, colors):
    bare = sorted(row["bare_ns"] for row in rows if row["distance"] == where)
    limit = bare[len(bare) // 2]
    sizes = sorted({row["payload"] for row in rows})
    for waiting, title in (("better", "polling or sleeping, whichever is faster"), ("sleeping", "receivers that sleep")):
        series = [(system, colors[system], "ours" if system == "libipc" else "", points)
                  for system, points in _by_payload(rows, "ns", where, waiting)]
        series.append(("bare ping-pong", INK, "limit", [(sizes[0], limit), (sizes[-1], limit)]))
        more = "set logscale xy\n" + _size_tics() + TIME_TICS + f"set xrange [{sizes[0]}:{sizes[-1]}]\nset yrange [10:]\n"
        name = "latency" if waiting == "better" else "latency-sleeping"
        _plot(directory / f"{name}.svg",
              _heading(f"One way between two processes, by payload ({title})", "payload", "time, median", more), series)


def _multiple(directory, rows, where, colors):
    series = [(system, colors[system], "ours" if system == "libipc" else "", points)
              for system, points in _by_payload(rows, "ratio", where, "better")]
    sizes = sorted({row["payload"] for row in rows})
    series.append(("the limit", INK, "limit", [(sizes[0], 1), (sizes[-1], 1)]))
    more = ("set logscale xy\nset format y '%g ×'\n" + _size_tics() +
            f"set xrange [{sizes[0]}:{sizes[-1]}]\nset yrange [0.7:]\n")
    _plot(directory / "multiple.svg", _heading("How many times a bare ping-pong of two words one message takes", "payload",
                                               "multiple of the bare ping-pong of the same round, median", more), series)


def _distribution(directory, rows, where, colors):
    series = []
    for system, _ in _by_payload(rows, "ns", where, "better"):
        row = tables.best(rows, system=system, purpose="exchange", payload=64, distance=where)
        if not row or "distribution" not in row:
            continue
        total, left, points = sum(count for _, count in row["distribution"]), 0, []
        for upper, count in row["distribution"]:
            left += count
            if total - left >= 1:
                points.append((total / (total - left), upper))
        series.append((system, colors[system], "ours" if system == "libipc" else "line", points))
    more = ("set logscale xy\n" + TIME_TICS + "set xtics ('50 %%' 2, '90 %%' 10, '99 %%' 100, '99.9 %%' 1000, "
            "'99.99 %%' 10000)\nset xrange [1.05:10000]\nset yrange [10:]\n")
    ours = [s if s[2] != "ours" else (s[0], s[1], "line", s[3]) for s in series]
    _plot(directory / "distribution.svg", _heading("64 bytes, one way: so many messages take at most so long", "messages",
                                                   "half of a round trip", more), ours)


def _bars(path, heading, names, values, colors):
    data = "$d << EOD\n" + "\n".join(f"{i} {value} \"{_plain(name)}\" {int(colors[name][1:], 16)}"
                                    for i, (name, value) in enumerate(zip(names, values))) + "\nEOD\n"
    script = heading + data + ("set style fill solid 0.9\nset boxwidth 0.7\nunset key\n"
                               "plot $d using 1:2:4:xtic(3) with boxes linecolor rgb variable\n")
    drawn = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=True).stdout
    path.write_text(_adapted(drawn), encoding="utf-8")
    print(f"figure: {path}")


def _throughput(directory, rows, where, colors):
    flows = {row["system"]: tables.best(rows, system=row["system"], purpose="flow", payload=64, distance=where)
             for row in rows if row["purpose"] == "flow"}
    ranked = sorted(((1e9 / row["ns"], system) for system, row in flows.items() if row), reverse=True)
    more = "set logscale y\nset format y '10^{%L}'\nset xtics rotate by -35\nset rmargin 6\n"
    _bars(directory / "throughput.svg",
          _heading("64 bytes, one way, without loss: messages per second", "", "messages per second", more),
          [system for _, system in ranked], [value for value, _ in ranked], colors)


def _rows(directory, name):
    path = directory / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["rows"] if path.exists() else []


def _calls(directory, rows, where, colors):
    """A message there and one back: of the others what they carry fastest, of ours a request and its response, too."""
    trips = {}
    for system in {row["system"] for row in rows}:
        row = tables.best(rows, system=system, purpose="exchange", payload=64, distance=where)
        if row:
            trips[system] = 2 * row["ns"]
    for row in _rows(directory, "request"):
        if row["request"] == "round trip, 64 bytes both ways" and row["distance"] == where:
            trips["libipc, request"] = row["ns"]
    ranked = sorted(trips, key=trips.get)
    more = "set logscale y\n" + TIME_TICS + "set yrange [50:]\nset xtics rotate by -35\nset rmargin 6\n"
    _bars(directory / "round-trip.svg",
          _heading("64 bytes there and 64 bytes back, polling or sleeping, whichever is faster", "", "time, median", more),
          ranked, [trips[name] for name in ranked], colors | {"libipc, request": colors["libipc"]})


def _fan(directory):
    rows = _rows(directory, "fan")
    if not rows:
        return
    where = max({row["distance"] for row in rows}, key=lambda name: sum(r["rounds"] for r in rows if r["distance"] == name))
    rows = [row for row in rows if row["distance"] == where]
    kinds = list(dict.fromkeys(row["fan"] for row in rows))
    series = [(kind, PALETTE[i], "ours", [(row["ports"], row["each_ns"]) for row in rows if row["fan"] == kind])
              for i, kind in enumerate(kinds)]
    more = "set logscale x 2\nset yrange [0:]\nset key inside top right\n"
    _plot(directory / "fan.svg", _heading("Cost of each receiver to a send, of each sender to a receive",
                                          "receivers or senders", "ns for each", more), series)


def draw(directory):
    if shutil.which("gnuplot") is None:
        print("no gnuplot, no figures (scripts/setup --peers)")
        return
    if rows := _rows(directory, "peers"):
        where = tables.common_distance(rows)
        colors = _colors({row["system"]: None for row in rows})
        _latency(directory, rows, where, colors)
        _multiple(directory, rows, where, colors)
        _distribution(directory, rows, where, colors)
        _throughput(directory, rows, where, colors)
        _calls(directory, rows, where, colors)
    _fan(directory)
