"""Debian's Chromium, for tests of what a person sees."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE = 60_000
"""Milliseconds: tests share their machine."""

expect.set_options(timeout=PATIENCE)

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--force-prefers-reduced-motion"]
"""It asks no other host for anything, and nothing glides from under the pointer."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; where there is none the test is skipped, but not in CI."""
    path = shutil.which("chromium")
    if path is None:
        missing = "no chromium on this machine (Debian's package chromium)"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()
