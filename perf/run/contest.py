# SPDX-License-Identifier: Apache-2.0
"""All systems in turn, round after round: A B C A B C ..., each run a fresh pair of processes."""

import contextlib
import fcntl
import json
import pathlib
import subprocess
import sys
import time

import rounds

KIB, MIB = 1024, 1024 * 1024
EXCHANGES = {"quick": [64, 4 * KIB, MIB], "full": [8, 64, KIB, 4 * KIB, 64 * KIB, MIB, 4 * MIB]}
FLOWS = {"quick": [64], "full": [64, 64 * KIB]}
# These take the others, who copy, seconds each: they have few exchanges, and not in every round.
LARGE = {"quick": [], "full": [16 * MIB, 64 * MIB]}
OTHERS_WITH_LARGE = {"pipe", "unix-stream", "zeromq", "nng"}
ROUNDS_TO_LARGE = 4
MILLISECONDS = {"quick": 10, "full": 30}
PATIENCE_S = {"quick": 10, "full": 60}
LONGEST_ALONE_S = 80  # then others have their turn
# The one whose distribution is kept: the others would make the results large.
DISTRIBUTION_OF = 64

WANTED = ["libipc", "iceoryx", "boost-queue", "pipe", "unix-stream", "unix-seqpacket", "posix-queue", "cyclonedds-shm",
          "cyclonedds", "fastdds", "zeromq", "nng", "dbus"]


def present(programs):
    """(those that were built, in order; the names of those that were not)"""
    paths = {name: pathlib.Path(programs) / f"peer-{name}" for name in WANTED}
    return ({name: path for name, path in paths.items() if path.exists()},
            [name for name, path in paths.items() if not path.exists()])


class Silence(Exception):
    """A program did not answer in time."""


def _run(path, arguments, patience_s):
    """The program's answer, or None, with what it said."""
    try:
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=patience_s, errors="replace")
    except subprocess.TimeoutExpired:
        raise Silence(f"no answer within {patience_s} s, and left out from then on") from None
    # Some libraries write to the standard output, too.
    answers = [line for line in done.stdout.splitlines() if line.startswith('{"system"')]
    if done.returncode == 0 and answers:
        return json.loads(answers[-1]), ""
    return None, (done.stderr.strip().splitlines() or ["no word"])[-1]


def _jobs(programs, described, effort, number):
    """The round of this number."""
    for flow, sizes in ((False, EXCHANGES[effort]), (True, FLOWS[effort])):
        for size in sizes:
            for name in programs:
                if size <= described[name]["largest"] and (described[name]["flows"] or not flow):
                    yield name, size, flow
    for size in LARGE[effort]:
        for name in programs:
            if name == "libipc" or (name in OTHERS_WITH_LARGE and number % ROUNDS_TO_LARGE == 0):
                yield name, size, False


class Progress:
    """Counts the time that was spent on rounds, and shows it."""

    def __init__(self, allowed_s):
        self._allowed_s = allowed_s
        self._before_s = 0
        self._begin = None
        self._rounds = 0

    def spent_s(self):
        return self._before_s + (time.monotonic() - self._begin if self._begin else 0)

    def another_fits(self):
        return self._rounds == 0 or self.spent_s() * (self._rounds + 1) / self._rounds <= self._allowed_s

    @contextlib.contextmanager
    def round(self):
        self._begin = time.monotonic()
        yield
        self._before_s, self._begin = self.spent_s(), None
        self._rounds += 1
        end = "\r\033[K" if sys.stderr.isatty() else ""
        print(f"{end}{self.spent_s():4.0f} of {self._allowed_s:.0f} s  round {self._rounds} of all systems is done",
              file=sys.stderr, flush=True)

    def show(self, text):
        if sys.stderr.isatty():
            print(f"\r\033[K{self.spent_s():4.0f} of {self._allowed_s:.0f} s  {text}", end="", file=sys.stderr, flush=True)


@contextlib.contextmanager
def alone(path):
    """While the lock is held, nobody who asks for it, too, measures or builds on this machine."""
    if path is None:
        yield
        return
    with open(path, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Contest:
    """What all rounds have in common."""

    def __init__(self, programs, effort, allowed_s, cpus):
        self.results, self.failures, self.described = {}, {}, {}
        self.progress = Progress(allowed_s)
        self._programs = dict(programs)
        self._effort = effort
        self._cpus = ["--cpus", cpus] if cpus else []
        self._number = 0
        for name in programs:
            if answer := self._ask(name, "describe", ["--describe"]):
                self.described[name] = answer
            else:
                self._programs.pop(name, None)

    def round(self):
        with self.progress.round():
            for name, size, flow in _jobs(list(self._programs), self.described, self._effort, self._number):
                if name in self._programs:
                    self._measure(name, size, flow)
        self._number += 1

    def _measure(self, name, size, flow):
        self.progress.show(f"{name}, {size} bytes{', flow' if flow else ''}")
        purpose = "flow" if flow else "exchange"
        arguments = ["--payload", str(size), "--milliseconds", str(MILLISECONDS[self._effort]), *self._cpus]
        answer = self._ask(name, f"{purpose} {size}", arguments + (["--flow"] if flow else []))
        for row in answer["rows"] if answer else []:
            self.results.setdefault((name, purpose, row["waiting"], size), []).append(row)

    def _ask(self, name, what, arguments):
        """Who does not answer once is not asked again: waiting for it would take the others' time."""
        try:
            answer, reason = _run(self._programs[name], arguments, PATIENCE_S[self._effort])
        except Silence as silence:
            answer, reason = None, str(silence)
            del self._programs[name]
            print(f"\n{name} {what}: {reason}", file=sys.stderr, flush=True)
        if answer is None:
            self.failures[f"{name} {what}"] = reason
        return answer


def run(programs, effort, allowed_s, cpus, lock):
    """{(name, purpose, waiting, payload): [round, ...]}, descriptions, failures: as many whole rounds as fit, but
    at least one; fewer where Ctrl-C ends it."""
    contest = Contest(programs, effort, allowed_s, cpus)
    progress = contest.progress
    try:
        while progress.another_fits():
            with alone(lock):
                until = time.monotonic() + LONGEST_ALONE_S
                while progress.another_fits() and time.monotonic() < until:
                    contest.round()
    except KeyboardInterrupt:  # what there is, is kept
        print("", file=sys.stderr)
    return contest.results, contest.described, contest.failures


def summarize(results, described):
    """One object for each system, purpose, way of waiting, payload and distance."""
    summary = []
    for (name, purpose, waiting, size), all_rounds in results.items():
        steady = [r for r in all_rounds if rounds.is_steady(r)]
        for where in rounds.DISTANCES:
            there = [r for r in steady if rounds.distance(r) == where]
            if not there:
                continue
            row = {"system": described[name]["system"], "purpose": purpose, "waiting": waiting, "payload": size,
                   "distance": where, "dropped": len(all_rounds) - len(steady),
                   **rounds.figure(there, "each_ns" if purpose == "flow" else "one_way_ns")}
            if size != DISTRIBUTION_OF:
                row.pop("distribution", None)
            summary.append(row)
    return summary
