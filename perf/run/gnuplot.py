# SPDX-License-Identifier: Apache-2.0
"""One figure as SVG, by gnuplot; readable on light and on dark ground, and without colours."""

import re
import shutil
import subprocess
from typing import NamedTuple

import tables

INK, FAINT = "#010203", "#040506"  # replaced by what suits the ground
PALETTE = ["#d6336c", "#1c7ed6", "#2f9e44", "#f08c00", "#7048e8", "#0c8599", "#a0522d", "#868e96", "#b08900", "#5c940d",
           "#3b5bdb", "#e8590c", "#099268"]
POINTS = [7, 5, 9, 11, 13, 4, 6, 8, 10, 12, 2, 3, 1]
DASHES = ["1", "(8,3)", "(3,3)", "(8,3,2,3)", "(14,4)"]
LIMIT_DASH = "(1,4)"
SHEET = """<style>
.ground { fill: #ffffff; stroke: none }
svg { color: #24292f }
@media (prefers-color-scheme: dark) { .ground { fill: #161b22 } svg { color: #e6edf3 } }
</style>
<rect class="ground" x="0" y="0" width="100%" height="100%" rx="8"/>
"""
SIZE = (880, 520)
TIME_TICS = ("set ytics ('10 ns' 10, '100 ns' 100, '1 µs' 1e3, '10 µs' 1e4, '100 µs' 1e5, '1 ms' 1e6, '10 ms' 1e7, "
             "'100 ms' 1e8)\n")


class Series(NamedTuple):
    name: str
    style: str
    points: list


def installed():
    return shutil.which("gnuplot") is not None


def color(i):
    return PALETTE[i % len(PALETTE)]


def style(i, marks=True):
    """Of the i-th line; the first one is ours. Without marks at each point where there are too many of them."""
    width, size = (2.6, 0.6) if i == 0 else (1.2, 0.5)
    interval = "" if marks else " pointinterval 12"
    return (f"linespoints pointtype {POINTS[i % len(POINTS)]} pointsize {size}{interval} linewidth {width} "
            f"dashtype {DASHES[i % len(DASHES)]} linecolor rgb '{color(i)}'")


def limit(of=None):
    """What the machine allows: all of a figure's lines, or those of one color."""
    return f"lines dashtype {LIMIT_DASH} linewidth 1.4 linecolor rgb '{of or INK}'"


def size_tics():
    named = [8, 64, 2 ** 10, 2 ** 16, 2 ** 20, 2 ** 26]
    between = [2 ** 12, 2 ** 22, 2 ** 24]
    tics = [f"'{tables.size_name(size)}' {size}" for size in named] + [f"'' {size} 1" for size in between]
    return "set xtics (" + ", ".join(tics) + ")\n"


def heading(title, x, y, more=""):
    return f"""
set terminal svg size {SIZE[0]},{SIZE[1]} dynamic font 'Helvetica,Arial,sans-serif,14' linewidth 1.6 noenhanced
set title '{title}' textcolor rgb '{INK}' font ',16'
set xlabel '{x}' textcolor rgb '{INK}'
set ylabel '{y}' textcolor rgb '{INK}'
set border 3 linecolor rgb '{INK}'
set tics nomirror textcolor rgb '{INK}'
set grid linecolor rgb '{FAINT}' linewidth 0.5
set key outside right top Left reverse textcolor rgb '{INK}' spacing 1.15 samplen 3.5
{more}
"""


def lines(path, head, series):
    blocks, plots = [], []
    for i, one in enumerate(series):
        blocks.append(f"$d{i} << EOD\n" + "\n".join(f"{x} {y}" for x, y in one.points) + "\nEOD\n")
        plots.append(f"$d{i} using 1:2 with {one.style} title '{one.name}'")
    _draw(path, head + "".join(blocks) + "plot " + ", \\\n".join(plots) + "\n")


def bars(path, head, values, limits, key="right"):
    """`values`: (name, color, value), `limits`: (name, value)"""
    data = "$d << EOD\n" + "\n".join(f"{i} {value} \"{name}\" {int(bar[1:], 16)}"
                                    for i, (name, bar, value) in enumerate(values)) + "\nEOD\n"
    plots = ["$d using 1:2:4:xtic(3) with boxes linecolor rgb variable notitle",
             *(f"{value} with {limit()} title '{name}'" for name, value in limits)]
    _draw(path, head + data + "set style fill solid 0.9\nset boxwidth 0.7\nset xtics noenhanced rotate by -35\n"
          f"set rmargin 14\nset key inside {key} top\nplot " + ", \\\n".join(plots) + "\n")


def _draw(path, script):
    drawn = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=True).stdout
    path.write_text(_adapted(drawn), encoding="utf-8")
    print(f"figure: {path}")


def _adapted(svg):
    """Ink follows the ground; what is faint is thin ink."""
    svg = re.sub(r' color="(black|gray)"', "", svg)
    for ink, replacement in ((INK, "'currentColor'"), (FAINT, "'currentColor' stroke-opacity='0.2'")):
        numbers = r",\s*".join(str(int(ink[i:i + 2], 16)) for i in (1, 3, 5))
        svg = re.sub(rf"""['"](rgb\(\s*{numbers}\s*\)|{ink})['"]""", replacement, svg)
    return re.sub(r"(<svg[^>]*>)", lambda found: found.group(1) + SHEET, svg, count=1)
