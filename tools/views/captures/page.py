#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""page.py [--dark] [--do SCRIPT] PAGE.html PICTURE.png: how a page of `stemma graph` looks.

`SCRIPT` is run in the page first: page.goToMoment(3).
"""

import argparse
import pathlib

from browser import browser
from selenium.webdriver.support.ui import WebDriverWait

parser = argparse.ArgumentParser()
parser.add_argument("--dark", action="store_true")
parser.add_argument("--do", default="")
parser.add_argument("page", type=pathlib.Path)
parser.add_argument("picture")
arguments = parser.parse_args()

with browser(1280, 800, arguments.dark) as window:
    window.get(arguments.page.absolute().as_uri())
    WebDriverWait(window, 30).until(
        lambda _: window.execute_script("return document.documentElement.dataset.ready !== undefined"))
    window.execute_script(arguments.do)
    # Two frames later it is on the screen.
    window.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    if not window.save_screenshot(arguments.picture):
        raise SystemExit(f"page.py: cannot write {arguments.picture}")
