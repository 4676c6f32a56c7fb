#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What tests reach of the core, as llvm-cov exports it: a table by folder, and what they do not reach.

    report.py EXPORT.json EXPORT.lcov FILE...

FILE: the sources of the core; the rest of an export is left out. See tools/coverage.
"""

import collections
import json
import re
import sys

ENGINE = re.compile(r"supervisor/(internal/)?engine[^/]*$")


def in_tree(path):
    """A header is compiled by the name under which it is included."""
    return re.sub(r"^.*/_virtual_includes/[^/]+/stemma/|^\./", "", path)


def read_lines(lcov):
    """By file: how often each line ran, in any of the places that it was compiled into."""
    lines = collections.defaultdict(collections.Counter)
    for record in lcov:
        key, _, value = record.strip().partition(":")
        if key == "SF":
            file = in_tree(value)
        elif key == "DA":
            line, count = value.split(",")[:2]
            lines[file][int(line)] += int(count)
    return lines


def read_branches(export, core):
    """By file: how often each condition was true and false, by the place of the condition."""
    branches = collections.defaultdict(lambda: collections.defaultdict(lambda: [0, 0]))
    for file in export["data"][0]["files"]:
        name = in_tree(file["filename"])
        if name not in core:
            continue
        with open(name, encoding="utf-8") as source:
            text = source.read().splitlines()
        for begin, column, end, end_column, true, false, *_ in file["branches"]:
            if text[begin - 1][column - 1 :].startswith("true)") or "= default;" in text[begin - 1]:
                continue  # no condition: a loop without an end, a comparison by the compiler
            counts = branches[name][begin, column, end, end_column]
            counts[0] += true
            counts[1] += false
    return branches


def share(covered, all_of_them):
    if all_of_them == 0:
        return "none"
    percent = 100 * covered / all_of_them
    return f"{covered} of {all_of_them}, {int(percent * 10) / 10:g} %"


def row(name, files, lines, branches):
    run = sum(count > 0 for file in files for count in lines[file].values())
    all_lines = sum(len(lines[file]) for file in files)
    taken = sum(count > 0 for file in files for counts in branches[file].values() for count in counts)
    all_branches = 2 * sum(len(branches[file]) for file in files)
    return f"| {name} | {share(run, all_lines)} | {share(taken, all_branches)} |"


def ranges(numbers):
    """[1, 2, 3, 7] as "1-3, 7"."""
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)


def gaps(file, lines, branches):
    never = sorted(line for line, count in lines[file].items() if count == 0)
    if never:
        yield f"{file}: never run: {ranges(never)}"
    for (line, column, *_), (true, false) in sorted(branches[file].items()):
        if line in never or (true > 0 and false > 0):
            continue
        yield f"{file}:{line}:{column}: never {'true' if true == 0 else 'false'}"


def main(export, lcov, *core):
    with open(export, encoding="utf-8") as file:
        branches = read_branches(json.load(file), core)
    with open(lcov, encoding="utf-8") as file:
        lines = read_lines(file)
    print("| | lines | branches |")
    print("| --- | --- | --- |")
    for folder in sorted({file.split("/")[0] for file in core}):
        print(row(f"`{folder}/`", [file for file in core if file.startswith(folder + "/")], lines, branches))
    print(row("of these the engine", [file for file in core if ENGINE.match(file)], lines, branches))
    print(row("all", core, lines, branches))
    print()
    for file in sorted(core):
        if file.endswith(".cc") and file not in lines:
            print(f"{file}: in no test")
        for gap in gaps(file, lines, branches):
            print(gap)


main(*sys.argv[1:])
