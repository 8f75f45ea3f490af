"""What is looked for every few seconds while the app server runs, such as a warning that is due."""

import logging
from collections.abc import Callable

from marketbook.kit.store import Store

Task = Callable[[Store], object]

log = logging.getLogger("marketbook.often")

_tasks: dict[str, Task] = {}


def register(name: str, task: Task) -> None:
    """Have something looked for; a look must cost next to nothing where there is nothing to do.

    Args:
        name: As the log calls it.
        task: Takes the store, and opens transactions of its own.
    """
    _tasks[name] = task


def run(store: Store) -> None:
    """Look for everything once; what fails is logged, and does not keep the rest from being done."""
    for name, task in _tasks.items():
        try:
            task(store)
        except Exception:
            log.exception("%s: failed, and is tried again", name)
