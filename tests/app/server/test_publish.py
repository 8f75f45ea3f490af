"""Runs that readers start: one at a time of the same, their end told, what breaks told too."""

import threading

import pytest
from tests.app.conftest import Make

from marketbook.app import catalogue
from marketbook.app.orders import Order, prepare
from marketbook.app.runner import Done
from marketbook.app.server.reports import publish
from marketbook.app.server.reports.publish import Going


@pytest.fixture
def order(make: Make) -> Order:
    make("count-things")
    return prepare(catalogue.reports())[0]


def stand_in(monkeypatch: pytest.MonkeyPatch, *, error: str = "", breaks: bool = False) -> threading.Event:
    """Put a runner in place that waits for the test."""
    go_on = threading.Event()

    class Waiting:
        def __init__(self, observer: Going, *, workers: int) -> None:
            assert workers == 1
            self.observer = observer

        def run(self, orders: list[Order]) -> None:
            self.observer.advanced(orders[0], 1, 3)
            go_on.wait(20)
            if breaks:
                raise OSError("no space")
            self.observer.done(Done(orders[0], error, 1.0))

    monkeypatch.setattr(publish, "Runner", Waiting)
    monkeypatch.setattr(publish, "_started", {})
    return go_on


def over(going: Going) -> Going:
    for thread in threading.enumerate():
        if thread.name == "trial/count-things":
            thread.join(20)
    return going


def test_the_same_is_not_started_twice(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    go_on = stand_in(monkeypatch)
    first = publish.start(order)
    assert publish.start(order) is first
    assert publish.going(order.identity) is first
    go_on.set()
    assert over(first).over_at is not None
    assert publish.start(order) is not first


def test_how_far_it_is_and_why_it_failed_is_told(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    go_on = stand_in(monkeypatch, error="cell [2]: no")
    started = publish.start(order)
    go_on.set()
    assert (over(started).error, started.cells, started.of) == ("cell [2]: no", 1, 3)


def test_what_breaks_ends_the_run_under_a_number(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    go_on = stand_in(monkeypatch, breaks=True)
    started = publish.start(order)
    go_on.set()
    assert "reference" in over(started).error
    assert started.over_at is not None


def test_what_is_long_over_is_forgotten(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    stand_in(monkeypatch).set()
    started = over(publish.start(order))
    started.over_at = (started.over_at or 0) - publish.KEPT_SECONDS - 1
    publish._forget()
    assert publish.going(order.identity) is None
