"""Kernels let others draw: the chart is the same, and no JavaScript engine is in the kernel."""

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import vl_convert
from jupyter_client.manager import KernelManager

from marketbook.app.kernels import drawing, owner, provisioner

Start = Callable[..., tuple[KernelManager, Callable[[str], str]]]

CHART = {
    "data": {"values": [{"a": "抖音", "b": 3}, {"a": "天猫", "b": 5}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "nominal"}, "y": {"field": "b", "type": "quantitative"}},
}
DRAW = f"import vl_convert; print(vl_convert.vegalite_to_svg({CHART}, allowed_base_urls=[]))"
ENGINE = (
    "from pathlib import Path; print(any('V8' in (t / 'comm').read_text() for t in Path('/proc/self/task').glob('*')))"
)

pytestmark = [
    pytest.mark.skipif(not provisioner.can_fork(), reason="kernels are forked on Linux alone"),
    pytest.mark.filterwarnings("ignore"),  # jupyter_client's own sockets and loops
]


def test_a_kernel_draws_the_same_without_an_engine_of_its_own(start: Start) -> None:
    _, ask = start()
    assert ask(DRAW) == vl_convert.vegalite_to_svg(CHART, allowed_base_urls=[])
    assert ask(ENGINE) == "False"


def test_it_draws_by_itself_where_nobody_answers(start: Start, request: pytest.FixtureRequest) -> None:
    request.addfinalizer(owner.end)
    _, ask = start()
    for pid in drawing_processes():
        os.kill(pid, signal.SIGKILL)
    assert "<svg" in ask(DRAW)
    assert ask(ENGINE) == "True"


def drawing_processes() -> list[int]:
    """Of our warm process: other tests have theirs."""
    warm = owner._own[0]._process.pid
    children = Path(f"/proc/{warm}/task/{warm}/children").read_text().split()
    return [int(pid) for pid in children if b"kernels.drawing" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_a_description_at_fault_is_told_as_ever(start: Start) -> None:
    _, ask = start()
    ask("import vl_convert")
    assert ask("try: vl_convert.vegalite_to_svg({'mark': 7})\nexcept ValueError as e: print('told')") == "told"


def test_drawing_processes_end_with_their_warm_process(start: Start) -> None:
    start()
    drawing = drawing_processes()
    assert len(drawing) == len(os.sched_getaffinity(0))
    owner.end()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in drawing) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(Path(f"/proc/{pid}").exists() for pid in drawing)


@pytest.fixture
def drawer() -> tuple[drawing.Drawer, list[Any]]:
    """A drawing process without its engine, and what it was asked to draw since its first chart."""
    asked: list[Any] = []

    def draw(chart: dict[str, Any]) -> str:
        asked.append(chart["mark"])
        return f"<svg>{chart['mark'] * 1000}</svg>"

    made = drawing.Drawer(draw)
    asked.clear()
    return made, asked


def asking(mark: str) -> bytes:
    return json.dumps({"given": [{"mark": mark}], "named": {}}).encode()


def test_the_same_chart_is_drawn_once(drawer: tuple[drawing.Drawer, list[Any]]) -> None:
    made, asked = drawer
    assert made.answer(asking("bar")) == made.answer(asking("bar"))
    assert asked == ["bar"]


def test_what_was_not_asked_for_lately_is_forgotten(
    drawer: tuple[drawing.Drawer, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, asked = drawer
    monkeypatch.setattr(drawing, "KEPT_BYTES", 10_000)
    for mark in ("bar", "line", "bar", "area", "bar", "line"):
        made.answer(asking(mark))
    assert asked == ["bar", "line", "area", "line"]
