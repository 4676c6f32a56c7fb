#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs what is to be compared in turn, A B C A B C, and prints medians and ratios. Started by ./tools/bench.

Everything compared is a program that is given a scenario, a shape and a size, measures once, and prints one JSON object of
figures. So each measurement has a process of its own, and a machine that is slower for a while is slower for all. A ratio is
the median of the ratios of neighbours, not the ratio of the medians.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys

# What the others are divided by: threads that wait the same way as a worker of Stemma's does.
LIMIT = "raw, semaphore"
BY_HAND = "by hand"

# scenario: (shapes, sizes, the figures to show and in what)
SCENARIOS = {
    "start_stop": (
        ["flat", "chain", "layered"],
        [1000, 10000],
        [("start_ms", "ms"), ("stop_ms", "ms"), ("start_cpu_ms", "ms"), ("stop_cpu_ms", "ms"),
         ("build_ms", "ms"), ("bytes_per_node", "B"), ("threads", "")],
    ),
    "cascade": (["star"], [1000], [("told_ms", "ms")]),
    "restart": (["flat"], [3000], [("restart_us", "us"), ("restart_cpu_us", "us")]),
    "idle": (["flat"], [1000], [("idle_switches", ""), ("threads", "")]),
    "service": (["redis-benchmark"], [100000], [("set_per_s", "/s"), ("get_per_s", "/s")]),
}


def subjects_of(arguments):
    """Name: the command that the scenario, the shape and the size are appended to."""
    raw, supervised = arguments.raw, arguments.supervised
    subjects = {
        LIMIT: [raw, "semaphore"],
        "raw, condition": [raw, "condition"],
        "raw, reused": [raw, "reused"],
        "stemma": [supervised, "quiet"],
        "stemma, reused": [supervised, "reused"],
        "stemma, observed": [supervised, "observed"],
        "stemma, logged": [supervised, "logged"],
    }
    for name, server in (BY_HAND, arguments.kv_by_hand), ("supervised", arguments.kv_service):
        if server:
            subjects[name] = [os.path.join(os.path.dirname(__file__), "service.py"), server]
    for peer in arguments.peer:
        name, command = peer.split("=", 1)
        subjects[name] = command.split()
    return subjects


def measures(name, command, scenario, shape):
    """Whether the subject knows the scenario; raw threads have nobody who could be idle."""
    if scenario == "service" or name in (BY_HAND, "supervised"):
        return scenario == "service" and name in (BY_HAND, "supervised")
    if name.endswith(", reused"):
        return scenario == "restart"
    if scenario == "idle":
        return name.startswith("stemma")
    if name.startswith(("raw", "stemma")):
        return True
    return shape in ("flat", "star")


def run(command, scenario, shape, size):
    words = [*command, scenario, shape, str(size)]
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600)
    except subprocess.TimeoutExpired:
        sys.exit(f"{' '.join(words)} has not ended within 600 s")
    if done.returncode != 0:
        sys.exit(f"{' '.join(words)} exited with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": values}


def compare(subjects, scenario, shape, size, rounds):
    """One row for each subject: its figures, and each divided by the first one's of the same round."""
    chosen = {name: command for name, command in subjects.items() if measures(name, command, scenario, shape)}
    taken = {name: [] for name in chosen}
    names = list(chosen)
    for number in range(rounds):
        for name in names[number % len(names):] + names[:number % len(names)]:
            taken[name].append(run(chosen[name], scenario, shape, size))
    rows = []
    limit = names[0] if names and names[0] in (LIMIT, BY_HAND) else None
    for name, runs in taken.items():
        row = {"scenario": scenario, "shape": shape, "size": size, "subject": name, "figures": {}, "ratios": {},
               "limit": limit}
        for figure in runs[0]:
            row["figures"][figure] = spread([one[figure] for one in runs])
            limits = [one.get(figure) for one in taken.get(limit, [])]
            if name != limit and limits and all(limits):
                row["ratios"][figure] = spread([one[figure] / least for one, least in zip(runs, limits)])
        rows.append(row)
    return rows


def show(rows, figures):
    head = rows[0]
    print(f"\n{head['scenario']}, {head['shape']}, {head['size']}")
    limit = f"x {head['limit']}" if head["limit"] else ""
    print(f"  {'':18}{'':16}{'median':>10}{'min':>10}{'max':>10}   {limit}".rstrip())
    for figure, unit in figures:
        for row in rows:
            if figure not in row["figures"]:
                continue
            value = row["figures"][figure]
            ratio = row["ratios"].get(figure)
            text = f"{ratio['median']:.2f} ({ratio['min']:.2f} to {ratio['max']:.2f})" if ratio else ""
            numbers = "".join(f"{value[key]:10.4g}" if value[key] < 1e4 else f"{value[key]:10.0f}"
                              for key in ("median", "min", "max"))
            print(f"  {row['subject']:18}{figure:16}{numbers}   {text}".rstrip())
    sys.stdout.flush()


def machine():
    """What the figures are of."""
    def first_line(path, key):
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(key)), "unknown")

    def output(*words):
        try:
            return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()[0]
        except (OSError, subprocess.CalledProcessError, IndexError):
            return "unknown"

    return {
        "processor": first_line("/proc/cpuinfo", "model name"),
        "processors": os.cpu_count(),
        "memory": first_line("/proc/meminfo", "MemTotal"),
        "kernel": platform.release(),
        "libc": " ".join(platform.libc_ver()),
        "compiler": output("g++", "--version"),
        "commit": output("git", "describe", "--always", "--dirty"),
        "load": os.getloadavg()[0],
        "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--raw", required=True, help="the program raw_threads")
    parser.add_argument("--supervised", required=True, help="the program supervised")
    parser.add_argument("--kv-service", help="the program kv_service")
    parser.add_argument("--kv-by-hand", help="the program kv_by_hand")
    parser.add_argument("--peer", action="append", default=[], help="NAME=COMMAND, any number of times")
    parser.add_argument("--json", help="where the figures go, every single one")
    parser.add_argument("--rounds", type=int, default=9, help="measurements of each subject (9)")
    parser.add_argument("--only", action="append", help="a scenario: " + ", ".join(SCENARIOS))
    parser.add_argument("--shape", action="append", help="of start_stop; default: all")
    parser.add_argument("--size", action="append", type=int, help="of start_stop; default: 1000 and 10000")
    arguments = parser.parse_args()

    subjects = subjects_of(arguments)
    result = {"machine": machine(), "rounds": arguments.rounds, "rows": []}
    print(", ".join(f"{key}: {value}" for key, value in result["machine"].items()))
    for scenario in arguments.only or SCENARIOS:
        shapes, sizes, figures = SCENARIOS[scenario]
        if scenario == "service" and BY_HAND not in subjects:
            continue
        if scenario == "start_stop":
            shapes, sizes = arguments.shape or shapes, arguments.size or sizes
        for shape in shapes:
            for size in sizes:
                rounds = 1 if scenario == "idle" else arguments.rounds  # ten seconds each, and a count
                rows = compare(subjects, scenario, shape, size, rounds)
                show(rows, figures)
                result["rows"] += rows
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(result, file, indent=1)
        print(f"\nevery figure: {arguments.json}")


if __name__ == "__main__":
    main()
