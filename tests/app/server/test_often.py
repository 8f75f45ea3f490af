"""What is looked for every few seconds by the server: one look after the other, beside the pages."""

import asyncio
import threading
from pathlib import Path

import pytest

from marketbook.app.server import often as served
from marketbook.kit.records import often
from marketbook.kit.store import Store


def test_it_looks_often_enough_for_a_warning_within_a_minute() -> None:
    assert served.LOOK_EVERY_SECONDS * 2 < 60


def test_a_look_is_not_begun_before_the_last_one_has_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = [], threading.Event()

    def slow(_store: Store) -> None:
        begun.append(threading.current_thread())
        go_on.wait(20)

    monkeypatch.setattr(often, "_tasks", {"slow": slow})

    async def look() -> None:
        watch = served.Often(Store(f"sqlite:///{tmp_path}/store.db"))
        first = asyncio.ensure_future(watch.look())
        while not begun:
            await asyncio.sleep(0.001)
        await watch.look()
        go_on.set()
        await first
        await watch.look()

    asyncio.run(look())
    assert len(begun) == 2
    assert threading.main_thread() not in begun
