"""A file as rows of cells with the numbers that a person sees beside them, in chunks."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

CHUNK = 20_000
"""Rows that are read, checked and put away at once."""


@dataclass(frozen=True)
class Chunk:
    """Some rows in order.

    Attributes:
        lines: The number of each row: the line it starts on, its row in the sheet, or its case.
        rows: The cells of each row.
    """

    lines: list[int]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Grid:
    """A file that can be read through, more than once. Its headings are its first rows.

    Attributes:
        chunks: Starts reading from the beginning.
        aliases: Other names of a heading (a statistics file's variable labels).
        labels: The words of a column's codes, by heading (a statistics file's value labels).
    """

    chunks: Callable[[], Iterator[Chunk]]
    aliases: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[Any, str]] = field(default_factory=dict)
