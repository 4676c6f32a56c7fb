#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""report.py DIRECTORY PAGE: puts what ./tools/bench has measured, bench*.json in DIRECTORY, into the tables of PAGE: each stands
between <!-- table NAME --> and <!-- end -->. An unknown name is an error.
"""

import json
import os
import re
import sys

SUBJECTS = {
    "raw, semaphore": "threads, each on a semaphore",
    "raw, condition": "threads, each on a `condition_variable_any`",
    "raw, reused": "one thread that is not joined",
    "stemma": "**Stemma**",
    "stemma, reused": "Stemma on `ReusableThreads`",
    "stemma, observed": "Stemma with a journal and a listener",
    "stemma, logged": "Stemma with its log",
    "CAF": "CAF, detached actors",
    "OTP": "Erlang/OTP's supervisor",
    "suture": "suture, on Go",
    "by hand": "started from `main`",
    "supervised": "**supervised**",
}
KIB = 1024


def number(value):
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(value):
    return f"{number(value['median'])} ({number(value['min'])} to {number(value['max'])})"


def markdown(head, lines):
    rows = [head, ["---"] * len(head), *lines]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def whole_runs(rows, scenario, shape, size, figures):
    """One line for each subject, for each of the figures (key, heading) its median with minimum and maximum, and its ratio."""
    head = [f"{shape}, {size:,}" if scenario == "start_stop" else ""]
    for _, heading in figures:
        head += [heading, "ratio"]
    lines = []
    for subject, name in SUBJECTS.items():
        row = next((row for row in rows if (row["scenario"], row["shape"], row["size"], row["subject"]) ==
                    (scenario, shape, size, subject)), None)
        if row is None:
            continue
        line = [name]
        for key, _ in figures:
            ratio = row["ratios"].get(key)
            line += [spread(row["figures"][key]) if key in row["figures"] else "",
                     f"{ratio['median']:.2f}" if ratio else ""]
        lines.append(line)
    return markdown(head, lines)


def tables(directory):
    def load(name):
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            return json.load(file)

    whole = load("bench.json")
    rows, machine = whole["rows"], whole["machine"]
    yield "machine", (f"{machine['processors']} processors ({machine['processor']}), "
                      f"{round(int(machine['memory'].split()[0]) / KIB ** 2)} GiB, Linux {machine['kernel']}, {machine['libc']}, "
                      f"{machine['compiler']}, on {machine['at'][:10]}.\n")
    times = [("start_ms", "start, ms"), ("stop_ms", "stop, ms")]
    for shape in ("flat", "layered", "chain"):
        for size in (1000, 10000):
            yield f"{shape} {size}", whole_runs(rows, "start_stop", shape, size, times)
    yield "memory", whole_runs(rows, "start_stop", "flat", 10000, [("bytes_per_node", "bytes each"), ("threads", "threads")])
    yield "cascade", whole_runs(rows, "cascade", "star", 1000, [("told_ms", "until the last is told, ms")])
    yield "restart", whole_runs(rows, "restart", "flat", 3000, [("restart_us", "µs"), ("restart_cpu_us", "µs of processor")])
    yield "idle", whole_runs(rows, "idle", "flat", 1000, [("idle_switches", "context switches in 10 s"), ("threads", "threads")])
    yield "service", whole_runs(rows, "service", "redis-benchmark", 100000, [("set_per_s", "SET/s"), ("get_per_s", "GET/s")])

    pure = {one["run_name"]: one for one in load("bench_pure.json")["benchmarks"] if one["aggregate_name"] == "median"}
    yield "graph", markdown(["nodes", "edges", "`Create`, ms"], [
        [f"{size:,}", f"{4 * (size - 4):,}", number(pure[f"Create/{size}"]["real_time"])]
        for size in (1000, 10000, 100000, 1000000)])
    yield "engine", markdown(["nodes", "an input, always of the same node, ns", "of all nodes in turn, ns"], [
        [f"{size:,}", *(number(1e9 / pure[f"{name}/{size}"]["items_per_second"])
                        for name in ("InputsOfOneNode", "InputsOfAllNodes"))]
        for size in (10, 1000, 100000, 1000000)])
    yield "engine cascade", markdown(["a verdict that takes down", "of a star, ns a node", "of a chain, ns a node"], [
        [f"{size:,} nodes", *(number(1e9 / pure[f"Cascade/{shape}/{size}/manual_time"]["items_per_second"])
                              for shape in ("star", "chain"))] for size in (1000, 100000)])
    yield "build", markdown(["a file that includes only", "KiB preprocessed", "s to compile"], [
        [f"`{one['include']}`" if "." in one["include"] else one["include"], number(one["bytes"] / KIB),
         spread(one["seconds"])] for one in load("bench_build.json")])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    known = dict(tables(sys.argv[1]))

    def table(match):
        if match[1] not in known:
            sys.exit(f"{sys.argv[2]}: no table is named '{match[1]}'; expected one of: {', '.join(known)}")
        return f"<!-- table {match[1]} -->\n\n{known[match[1]]}\n<!-- end -->"

    with open(sys.argv[2], encoding="utf-8") as file:
        page = file.read()
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(re.sub(r"<!-- table ([^>]*?) -->.*?<!-- end -->", table, page, flags=re.DOTALL))


if __name__ == "__main__":
    main()
