#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""service.py SERVER...: starts the key-value server, lets redis-benchmark load it, and prints what that measured."""

import csv
import json
import socket
import subprocess
import sys
import tempfile

REQUESTS = 100_000
CLIENTS = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_server(server, port):
    while server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    sys.exit(f"{server.args[0]} ended with {server.returncode} before it listened")


def main():
    command = sys.argv[1:-3]  # then a scenario, a shape and a size, as everything that is compared is given
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        server = subprocess.Popen([*command, "--port", str(port), "--dir", directory], stderr=subprocess.DEVNULL)
        await_server(server, port)
        load = ["redis-benchmark", "-p", str(port), "-t", "set,get", "-n", str(REQUESTS), "-c", str(CLIENTS), "--csv"]
        lines = subprocess.run(load, capture_output=True, text=True, check=True).stdout.splitlines()
        subprocess.run(["redis-cli", "-p", str(port), "shutdown"], capture_output=True, check=False)
        server.wait()
    rows = {row[0]: row for row in csv.reader(lines)}
    print(json.dumps({"set_per_s": float(rows["SET"][1]), "get_per_s": float(rows["GET"][1])}))


if __name__ == "__main__":
    main()
