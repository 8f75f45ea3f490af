"""What is looked for every few seconds: what fails is logged, and the rest is done."""

import logging

import pytest

from marketbook.kit.records import often
from marketbook.kit.store import Store


def test_what_fails_keeps_nothing_else_from_being_done(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[Store] = []

    def fail(_store: Store) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(often, "_tasks", {})
    often.register("first", fail)
    often.register("second", seen.append)
    with caplog.at_level(logging.ERROR):
        often.run(store)
    assert seen == [store]
    assert "first: failed, and is tried again" in caplog.text
