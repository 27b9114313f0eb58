# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks, says on what, keeps the results and draws the figures. scripts/bench sets up and builds."""

import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import time

import contest
import figures
import machine
import tables

# ipc-bench's own, in this order; each also prints its table when it is called by itself.
OWN = ["latency", "flow", "throughput", "fan", "request", "event", "wake", "local", "setup", "reclaim", "restart",
       "broker", "memory", "idle", "slices", "growth"]
# What is pinned to two cores, and refuses to run where there is one.
ON_TWO_CORES = {"peers", "latency", "flow", "throughput", "fan", "request", "event", "wake", "local", "setup", "restart",
                "slices"}
PEERS_S = {"quick": 45, "full": 480}


def arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Builds the release preset and runs every benchmark, or those that are named. "
        "perf/README.md says what the figures mean.")
    parser.add_argument("sections", nargs="*", metavar="SECTION",
                        help=f"of: peers, figures, {', '.join(OWN)} (default: all)")
    effort = parser.add_mutually_exclusive_group()
    effort.add_argument("--quick", action="store_const", const="quick", dest="effort",
                        help="a first impression, within two minutes")
    effort.add_argument("--full", action="store_const", const="full", dest="effort", help="within fifteen minutes (default)")
    parser.add_argument("--cpus", help="the two cores to use, such as 0,1")
    parser.add_argument("--rounds", type=int, help="rounds that count, in each of ipc-bench's own benchmarks")
    parser.add_argument("--json", action="store_true", help="print ipc-bench's results as JSON, too")
    parser.add_argument("--lock", metavar="FILE", help="a file to lock while measuring, one benchmark or round at a time, "
                        "where others use the machine, too")
    parser.add_argument("--programs", default="build/release/bin", help=argparse.SUPPRESS)
    parser.add_argument("--results", default="perf/results", help="where results are kept, by machine")
    parser.set_defaults(effort="full")
    chosen = parser.parse_args()
    unknown = set(chosen.sections) - {"peers", "figures", *OWN}
    if unknown:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return chosen


def keep(directory, name, about, rows):
    directory.mkdir(parents=True, exist_ok=True)
    # One row a line, so that what changed can be seen.
    head = json.dumps(about, indent=2, ensure_ascii=False).removesuffix("\n}")
    lines = ",\n".join("    " + json.dumps(row, ensure_ascii=False) for row in rows)
    (directory / f"{name}.json").write_text(f'{head},\n  "rows": [\n{lines}\n  ]\n}}\n', encoding="utf-8")


def revision():
    """What was measured: the commit, with a + where something differs from it; None where git does not say."""
    try:
        commit, changes = (subprocess.run(["git", *command], capture_output=True, text=True, check=True).stdout.strip()
                           for command in (["rev-parse", "--short", "HEAD"],
                                           # Results of the run before are no change of what is measured.
                                           ["status", "--porcelain", "--", ".", ":!perf/results"]))
    except (OSError, subprocess.CalledProcessError):
        return None
    return commit + ("+" if changes else "")


def since(begin):
    return round(time.monotonic() - begin, 1)


def own(name, options, about, directory):
    command = [f"{options.programs}/ipc-bench", name, "--json"]
    command += ["--quick"] if options.effort == "quick" else []
    command += ["--rounds", str(options.rounds)] if options.rounds else []
    command += ["--cpus", options.cpus] if options.cpus else []
    with contest.alone(options.lock):
        begin = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        print(f"ipc-bench {name} failed and is left out", file=sys.stderr)
        return False
    rows = json.loads(done.stdout)
    keep(directory, name, about | {"command": " ".join(["ipc-bench", *command[1:]]), "took_s": since(begin)}, rows)
    print(done.stdout if options.json else tables.plain(name, rows))
    return True


def peers(options, about, directory):
    begin = time.monotonic()
    programs, missing = contest.present(options.programs)
    if missing:
        print(f"not installed, and not measured: {', '.join(missing)} (scripts/setup --peers)", file=sys.stderr)
    results, described, failures = contest.run(programs, options.effort, PEERS_S[options.effort], options.cpus,
                                              options.lock)
    for what, reason in failures.items():
        print(f"{what}: {reason}", file=sys.stderr)
    summary = contest.summarize(results, described)
    systems = list(described.values())
    keep(directory, "peers",
         about | {"took_s": since(begin), "systems": systems, "missing": missing, "failed": failures}, summary)
    page = tables.page(summary, systems, tables.common_distance(summary))
    (directory / "table.md").write_text(page, encoding="utf-8")
    print(page)


def possible(wanted):
    """`wanted` without what this machine cannot run."""
    cores = len(os.sched_getaffinity(0))
    out = [name for name in wanted if cores < 2 and name in ON_TWO_CORES]
    if out:
        print(f"one core: these need two and are left out: {', '.join(out)}")
    return [name for name in wanted if name not in out]


def main():
    options = arguments()
    begin = time.monotonic()
    here = machine.describe()
    print(machine.one_line(here))
    for warning in machine.warnings(here):
        print(f"warning: {warning}")
    steps = possible([name for name in [*OWN, "peers", "figures"] if name in options.sections or not options.sections])
    directory = pathlib.Path(options.results) / machine.directory_name(here)
    about = {"machine": here, "revision": revision(), "date": datetime.date.today().isoformat(),
             "command": " ".join(["scripts/bench", f"--{options.effort}", *options.sections])}
    print(f"revision: {about['revision'] or 'unknown, for git does not say'}\n", flush=True)
    failed, took = [], []
    for number, name in enumerate(steps, 1):
        print(f"{number} of {len(steps)}: {name}", file=sys.stderr, flush=True)
        step_begin = time.monotonic()
        if name == "figures":
            figures.draw(directory)
        elif name == "peers":
            peers(options, about, directory)
        elif not own(name, options, about, directory):
            failed.append(name)
        took.append({"step": name, "took_s": since(step_begin), "failed": name in failed})
    total_s = since(begin)
    if steps != ["figures"]:
        keep(directory, "run", about | {"took_s": total_s}, took)
    print(f"results: {directory}, after {total_s:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
