#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""screenshot.py [--dark] [--do SCRIPT] PAGE.html PICTURE.png: how a page of `stemma graph` looks.

`SCRIPT` is run in the page first: page.goToMoment(3).
"""

import argparse
import pathlib
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

parser = argparse.ArgumentParser()
parser.add_argument("--dark", action="store_true")
parser.add_argument("--do", default="")
parser.add_argument("page", type=pathlib.Path)
parser.add_argument("picture")
arguments = parser.parse_args()

options = webdriver.ChromeOptions()
for option in ["headless=new", "no-sandbox", "hide-scrollbars", "disable-dev-shm-usage"]:
    options.add_argument("--" + option)
browser = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
try:
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
        {"name": "prefers-color-scheme", "value": "dark" if arguments.dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"}]})
    browser.get(arguments.page.absolute().as_uri())
    WebDriverWait(browser, 30).until(
        lambda _: browser.execute_script("return document.documentElement.dataset.ready !== undefined"))
    browser.execute_script(arguments.do)
    # Two frames later it is on the screen.
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    if not browser.save_screenshot(arguments.picture):
        raise SystemExit(f"screenshot.py: cannot write {arguments.picture}")
finally:
    browser.quit()
