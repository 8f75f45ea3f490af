"""Our app server beside stock Voilà, on the same notebook: until a person can use the page, alone and 20 at once.

A session counts when a widget has answered through its kernel: the slider is set, and what the kernel writes into the
label has come. One session is in headless Chromium with an empty cache; 20 at once are a client of HTTP and websockets.
Both servers have been running for a while, as servers do; ours has people signed in, its peer lets everybody in.
Memory is private dirty memory of the server and all its processes per further session of `survey/analyse-survey`.

Usage: make bench NAME=apps   (MARKETBOOK_BENCH_ROUNDS=3, MARKETBOOK_BENCH_PARTS=browser,html,many,memory)
"""

import asyncio
import json
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from apps import browser, memory, servers, sessions

ROUNDS = int(os.environ.get("MARKETBOOK_BENCH_ROUNDS", "3"))
PARTS = os.environ.get("MARKETBOOK_BENCH_PARTS", "browser,html,many,memory").split(",")
LOADS, AT_ONCE = 30, 20
SETTLE_SECONDS = 5.0


def main() -> None:
    """Run both servers, measure them in turn, and print the figures."""
    mine: dict[str, Any] = {}
    peers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        home = servers.make_home(Path(folder))
        with servers.ours(home) as us, servers.stock(home) as them:
            if "browser" in PARTS:
                mine["seconds"], peers["seconds"] = in_turn(us, them)
            if "many" in PARTS:
                mine["many"], peers["many"] = [many(us) for _turn in range(ROUNDS)], [many(them)]
            mine |= ours_alone(us)
    print(json.dumps(figures(mine, peers)))


def in_turn(us: servers.Served, them: servers.Served) -> tuple[list[float], list[float]]:
    """Sessions in the browser, the sides taking turns; the first of each, which also warms the machine, counts too."""
    found: tuple[list[float], list[float]] = ([], [])
    for _turn in range(ROUNDS):
        for served, seconds in zip((us, them), found, strict=True):
            time.sleep(SETTLE_SECONDS)
            seconds.append(browser.session(served))
    for served, seconds in zip((us, them), found, strict=True):
        print(f"{served.page}: one session {told(seconds)}", flush=True)
    return found


def many(served: servers.Served) -> list[sessions.Session]:
    """Many sessions at once."""
    time.sleep(SETTLE_SECONDS)
    went = asyncio.run(sessions.at_once(served, AT_ONCE))
    print(f"{served.page}: {AT_ONCE} at once, all answered after {last(went):.2f} s, {failed(went)} failed", flush=True)
    for one in went:
        if one.problem:
            print(f"  {one.problem}")
    return went


def ours_alone(served: servers.Served) -> dict[str, Any]:
    """What is asked of ours only: the HTML's time, and memory."""
    found: dict[str, Any] = {}
    if "html" in PARTS:
        found["html"] = [asyncio.run(sessions.one_page(served)).html for _turn in range(LOADS)]
        print(f"{served.page}: HTML {told(found['html'])}", flush=True)
    if "memory" in PARTS:
        found["private_mb"] = asyncio.run(memory.per_session(served))
    return found


def figures(mine: dict[str, Any], peers: dict[str, Any]) -> dict[str, Any]:
    """The figures: ratios first, then the seconds that they come from."""
    found: dict[str, Any] = {"cores": os.cpu_count()}
    if "browser" in PARTS:
        one, other = statistics.median(mine["seconds"]), statistics.median(peers["seconds"])
        found |= {
            "times_faster_voila": round(other / one, 2),
            "seconds": round(one, 2),
            "seconds_voila": round(other, 2),
        }
    if "html" in PARTS:
        found |= {"html_p95_s": round(p95(mine["html"]), 3)}
    if "many" in PARTS:
        one, other = statistics.median(last(went) for went in mine["many"]), last(peers["many"][0])
        shells = [session.shell or session.html or float("inf") for went in mine["many"] for session in went]
        found |= {
            "times_faster_voila_20": round(other / one, 2),
            "seconds_20": round(one, 2),
            "seconds_voila_20": round(other, 2),
            "shell_p95_s_20": round(p95(shells), 3),
            "failed_20": sum(failed(went) for went in mine["many"]),
            "failed_voila_20": failed(peers["many"][0]),
        }
    if "memory" in PARTS:
        found |= {"private_mb": round(mine["private_mb"], 1)}
    return found


def last(went: list[sessions.Session]) -> float:
    """When the last of some sessions was answered."""
    return max((session.answered or float("inf")) for session in went if session.answered or not session.problem)


def failed(went: list[sessions.Session]) -> int:
    """How many were not answered."""
    return sum(session.answered is None for session in went)


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def told(values: list[float]) -> str:
    """Some seconds for people."""
    return f"median {statistics.median(values):.2f} s of " + ", ".join(f"{value:.2f}" for value in values)


if __name__ == "__main__":
    main()
