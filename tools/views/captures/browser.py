# SPDX-License-Identifier: Apache-2.0
"""A browser that pictures of the docs are taken with: Debian's chromium."""

import contextlib
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.service import Service


@contextlib.contextmanager
def browser(width, height, dark=False):
    """One with a window of that size, in light or dark colors, without motion."""
    options = webdriver.ChromeOptions()
    for option in ["headless=new", "no-sandbox", "hide-scrollbars", "disable-dev-shm-usage"]:
        options.add_argument("--" + option)
    opened = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
    try:
        opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"}]})
        yield opened
    finally:
        opened.quit()
