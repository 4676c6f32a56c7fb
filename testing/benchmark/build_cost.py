#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""build_cost.py INCLUDE_DIRECTORY [JSON]: what it costs a user to include a header of Stemma's: how large it is when it has been
preprocessed, and how long a file takes to compile that does nothing else. In turn, medians of nine. Started by ./tools/bench.
"""

import json
import resource
import statistics
import subprocess
import sys

ROUNDS = 9

# What to compare with: what Stemma's interface is made of, and the logger that it keeps out of it.
INCLUDES = {
    "nothing": "",
    "standard library": "#include <chrono>\n#include <functional>\n#include <memory>\n#include <stop_token>\n"
                        "#include <string>\n#include <vector>\n",
    "absl/status/statusor.h": "#include <absl/status/statusor.h>\n",
    "lifecycle/component_manager.h": "#include <stemma/lifecycle/component_manager.h>\n",
    "supervisor/supervisor.h": "#include <stemma/supervisor/supervisor.h>\n",
    "spdlog/spdlog.h": "#include <spdlog/spdlog.h>\n",
}


def compile_with(include_directory, source, *options):
    """What the compiler wrote, and the seconds of a processor that it took."""
    words = ["g++", "-std=c++20", "-I", include_directory, *options, "-x", "c++", "-"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(words, input=source.encode(), stdout=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return done.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main():
    include_directory = sys.argv[1]
    seconds = {name: [] for name in INCLUDES}
    for _ in range(ROUNDS):
        for name, source in INCLUDES.items():
            seconds[name].append(compile_with(include_directory, source, "-c", "-o", "/dev/null")[1])
    rows = []
    print(f"  {'':32}{'KiB':>8}{'lines':>10}{'s median':>10}{'min':>8}{'max':>8}")
    for name, source in INCLUDES.items():
        text, _ = compile_with(include_directory, source, "-E", "-P")
        row = {"include": name, "bytes": len(text), "lines": text.count(b"\n"),
               "seconds": {"median": statistics.median(seconds[name]), "min": min(seconds[name]),
                           "max": max(seconds[name]), "runs": seconds[name]}}
        rows.append(row)
        print(f"  {name:32}{row['bytes'] / 1024:8.0f}{row['lines']:10}{row['seconds']['median']:10.2f}"
              f"{row['seconds']['min']:8.2f}{row['seconds']['max']:8.2f}")
    if len(sys.argv) > 2:
        with open(sys.argv[2], "w", encoding="utf-8") as file:
            json.dump(rows, file, indent=1)


if __name__ == "__main__":
    main()
