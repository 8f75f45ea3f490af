"""The store's engine and sessions. Nothing is opened before the first session: a forked kernel opens its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Engine
from sqlalchemy.orm import Session


class Store:
    """The records at one SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        """Name the store; nothing is opened yet."""
        self.url = url

    @cached_property
    def engine(self) -> Engine:
        """The engine, made at first use."""
        raise NotImplementedError

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that may only read."""
        raise NotImplementedError
        yield

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on an error."""
        raise NotImplementedError
        yield
