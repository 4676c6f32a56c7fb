#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""terminal.py [--columns N] PICTURE.png COMMAND: what a command shows on a terminal.

The command runs in a shell, on a terminal of its own with so many columns.
"""

import argparse
import os
import pty
import struct
import fcntl
import termios

from browser import browser
from selenium.webdriver.common.by import By

PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #0e1217; }
pre {
  display: inline-block; margin: 0; padding: 14px 18px; color: #dfe5ee; background: #0e1217;
  font: 14px/17px "DejaVu Sans Mono", monospace; font-variant-ligatures: none;
}
b { color: #8bd5a0; font-weight: normal; }
</style><pre></pre>"""


def output_of(command, columns):
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        os.environ.pop("COLUMNS", None)
        os.environ["LC_ALL"] = "C.UTF-8"
        os.execv("/bin/sh", ["sh", "-c", command])
    text = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # it has ended
            break
        if not part:
            break
        text += part
    if os.waitpid(pid, 0)[1] != 0:
        raise SystemExit(f"terminal.py: failed: {command}")
    return text.decode().replace("\r\n", "\n")


parser = argparse.ArgumentParser()
parser.add_argument("--columns", type=int, default=80)
parser.add_argument("picture")
parser.add_argument("command")
arguments = parser.parse_args()

shown = output_of(arguments.command, arguments.columns)
with browser(1600, 2000) as window:
    window.get("data:text/html;charset=utf-8," + PAGE.replace("#", "%23").replace("\n", ""))
    window.execute_script("""
        const prompt = document.createElement('b');
        prompt.textContent = '$ ';
        document.querySelector('pre').append(prompt, arguments[0] + '\\n' + arguments[1].trimEnd());""",
                          arguments.command, shown)
    if not window.find_element(By.TAG_NAME, "pre").screenshot(arguments.picture):
        raise SystemExit(f"terminal.py: cannot write {arguments.picture}")
