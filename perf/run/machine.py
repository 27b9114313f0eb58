# SPDX-License-Identifier: Apache-2.0
"""What figures were measured on, and what spoils them."""

import os
import platform
import re
import subprocess


def _first_line(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.readline().strip()
    except OSError:
        return None


def _lscpu():
    text = subprocess.run(["lscpu"], capture_output=True, text=True, check=True, env=os.environ | {"LC_ALL": "C"}).stdout
    return dict(re.split(r":\s+", line.strip(), maxsplit=1) for line in text.splitlines() if ": " in line)


def describe():
    cpu = _lscpu()
    compiler = subprocess.run(["c++", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return {
        "cpu": cpu.get("Model name", "unknown"),
        "cores": os.cpu_count(),
        "kernel": f"{platform.system()} {platform.release()}",
        "compiler": compiler,
        "hypervisor": cpu.get("Hypervisor vendor", "none"),
        "governor": _first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") or "none visible",
        "third_level_cache": cpu.get("L3 cache", "unknown"),
    }


def one_line(machine):
    return (f"{machine['cpu']}, {machine['cores']} cores, {machine['kernel']}, {machine['compiler']}, "
            f"hypervisor {machine['hypervisor']}, governor {machine['governor']}")


def directory_name(machine):
    """Below perf/results."""
    words = f"{machine['cpu']} {machine['cores']} cores"
    if machine["hypervisor"] != "none":
        words += " " + machine["hypervisor"]
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def warnings(machine):
    """What makes figures worse, or less certain; nothing of it is a reason not to measure."""
    found = []
    if machine["hypervisor"] != "none":
        found.append("a virtual machine: its cores move, and neighbours come and go; trust ratios, not times")
    if machine["cores"] < 4:
        found.append(f"{machine['cores']} cores: systems with threads of their own have to share those of the two "
                     "processes that are measured")
    if machine["governor"] not in ("performance", "none visible"):
        found.append(f"frequency governor {machine['governor']}: cores slow down when they wait")
    load = os.getloadavg()[0]
    if load > 0.5:
        found.append(f"load average {load:.1f}: somebody else is running")
    if _first_line("/sys/devices/system/cpu/smt/active") == "1":
        found.append("hyper-threading: choose cores of different siblings with --cpus")
    return found
