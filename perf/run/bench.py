# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks, says on what, keeps the results and draws the figures. scripts/bench sets up and builds."""

import argparse
import datetime
import json
import pathlib
import subprocess
import sys

import contest
import figures
import machine
import tables

# ipc-bench's own, in this order; each also prints its table when it is called by itself.
OWN = ["latency", "flow", "throughput", "fan", "request", "event", "wake", "local", "setup", "reclaim", "broker", "memory",
       "idle", "slices", "growth"]
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


def own(name, options, about, directory):
    command = [f"{options.programs}/ipc-bench", name, "--json"]
    command += ["--quick"] if options.effort == "quick" else []
    command += ["--rounds", str(options.rounds)] if options.rounds else []
    command += ["--cpus", options.cpus] if options.cpus else []
    print(f"     ipc-bench {name}", file=sys.stderr, flush=True)
    with contest.alone(options.lock):
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        print(f"ipc-bench {name} failed and is left out", file=sys.stderr)
        return False
    rows = json.loads(done.stdout)
    keep(directory, name, about | {"command": " ".join(["ipc-bench", *command[1:]])}, rows)
    print(done.stdout if options.json else tables.plain(name, rows))
    return True


def peers(options, about, directory):
    programs, missing = contest.present(options.programs)
    if missing:
        print(f"not installed, and not measured: {', '.join(missing)} (scripts/setup --peers)", file=sys.stderr)
    results, described, failures = contest.run(programs, options.effort, PEERS_S[options.effort], options.cpus,
                                              options.lock)
    for what, reason in failures.items():
        print(f"{what}: {reason}", file=sys.stderr)
    summary = contest.summarize(results, described)
    keep(directory, "peers", about | {"systems": list(described.values()), "missing": missing, "failed": failures}, summary)
    where = tables.common_distance(summary)
    print(f"One way between two processes whose cores are {where}\n\n{tables.comparison(summary, described, where)}\n")


def main():
    options = arguments()
    here = machine.describe()
    print(machine.one_line(here))
    for warning in machine.warnings(here):
        print(f"warning: {warning}")
    print(flush=True)
    directory = pathlib.Path(options.results) / machine.directory_name(here)
    about = {"machine": here, "date": datetime.date.today().isoformat(),
             "command": " ".join(["scripts/bench", f"--{options.effort}", *options.sections])}
    wanted = options.sections or ["peers", *OWN, "figures"]
    failed = [name for name in OWN if name in wanted and not own(name, options, about, directory)]
    if "peers" in wanted:
        peers(options, about, directory)
    if "figures" in wanted:
        figures.draw(directory)
    print(f"results: {directory}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
