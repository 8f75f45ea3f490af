"""The planner's moves in a real browser: from a slider's input to the painted chart, 50 moves of sliders.

A server of a workspace of its own serves the demo company; Chromium moves the sliders one after the other by keys, each
move after the one before is painted. A fast drag stands beside: 50 inputs without a pause, stale ones dropped.

Usage: python planner.py     prints figures as JSON in its last line.
"""

import json
import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.app.server.browser import tab
from tests.app.server.conftest import serving, workspace_of
from tests.chromium import chromium

from marketbook.demo import make
from marketbook.kit.facts import Facts

MOVES = 50
RESTED = "() => !document.querySelector('.mb-outcome[aria-busy]')"
PAINTED = "() => performance.getEntriesByName('mb-move').map((one) => one.duration)"
SLIDERS = (
    ("Total, of last year's spend", ("ArrowRight", "ArrowLeft")),
    ("Each channel at most", ("ArrowRight", "ArrowLeft")),
    ("Each channel at least", ("ArrowLeft", "ArrowRight")),
    ("Cases that count", ("ArrowRight", "ArrowLeft")),
)


def main() -> None:
    """Serve the demo company, and move the sliders."""
    with tempfile.TemporaryDirectory() as folder:
        facts, home = Path(folder, "facts"), Path(folder, "home")
        for made in (facts, home):
            made.mkdir()
        make(Facts(facts), size=1.0)
        with (
            serving(workspace_of(home, facts), warm="") as served,
            chromium() as browser,
            tab(browser, served.address) as opened,
        ):
            opened.sign_in("director", "en")
            opened.open("/screens/budget/plan-allocation")
            opened.page.locator(".mb-bar-row").first.wait_for()
            alone, drag = one_by_one(opened.page), dragged(opened.page)
    print(json.dumps({
        "planner_move_p95_ms": round(float(np.quantile(alone, 0.95)), 1),
        "planner_move_median_ms": round(float(np.median(alone)), 1),
        "planner_drag_p95_ms": round(float(np.quantile(drag, 0.95)), 1),
        "planner_drag_answered": len(drag),
    }))  # fmt: skip


def one_by_one(page: Page) -> list[float]:
    """50 moves, each after the one before was painted."""
    for turn in range(MOVES):
        title, keys = SLIDERS[turn % len(SLIDERS)]
        page.get_by_label(title, exact=True).focus()
        page.keyboard.press(keys[turn // len(SLIDERS) % 2])
        page.wait_for_function(f"() => ({PAINTED})().length > {turn}")
    page.wait_for_function(RESTED)
    return list(page.evaluate(PAINTED))


def dragged(page: Page) -> list[float]:
    """50 inputs without a pause; each answer counts from the last input that it answers."""
    page.evaluate("() => performance.clearMeasures()")
    page.get_by_label(SLIDERS[0][0]).focus()
    for _turn in range(MOVES):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(RESTED)
    page.wait_for_function(f"() => ({PAINTED})().length > 0")
    return list(page.evaluate(PAINTED))


if __name__ == "__main__":
    main()
