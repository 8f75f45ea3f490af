"""Amounts in rows and columns as a widget, to be read: several measures to switch between, sums, marks from a share on.

It is searched and switched in the browser; a cell that is pressed leads back to what it stands for.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import anywidget
import traitlets
from sqlalchemy.orm import Session

from marketbook.kit import language
from marketbook.kit.forms import guard, served, words
from marketbook.kit.forms.script import script, style

Read = Callable[[Session], "Sheet"]


@dataclass(frozen=True)
class Row:
    """A row of amounts.

    Attributes:
        heads: What it is.
        ids: What each cell stands for; None for nothing.
        cells: The amounts of each measure, in fen, one for each column.
        levels: How far each cell is used up: 0, or which of the sheet's shares it has reached.
        level: The same of the row as a whole.
    """

    heads: Sequence[str]
    ids: Sequence[int | None]
    cells: Mapping[str, Sequence[int]]
    levels: Sequence[int]
    level: int = 0


@dataclass(frozen=True)
class Sheet:
    """What a matrix shows.

    Attributes:
        title: Its heading.
        heads: What the rows' heads are.
        columns: What the columns are.
        measures: What each measure is called; the first one is shown first.
        rows: In the order in which they are shown.
        shares: What is said of each level: `80 % or more`.
        about: A sentence above it; may be empty.
    """

    title: str
    heads: Sequence[str]
    columns: Sequence[str]
    measures: Mapping[str, str]
    rows: Sequence[Row]
    shares: Sequence[str] = ()
    about: str = ""


class Matrix(anywidget.AnyWidget):
    """Amounts to be read; everybody who reaches it in a served kernel with one of the roles may."""

    _esm = script("matrix")
    _css = style()
    described = traitlets.Dict().tag(sync=True)

    def __init__(
        self, read: Read, *, opens: Callable[[int], None] | None = None, roles: Collection[str] = ()
    ) -> None:  # fmt: skip
        """Make it in the current language.

        Args:
            read: Reads what it shows.
            opens: Is given what a cell that is pressed stands for.
            roles: Who may read it, as of then; everybody with an account where it is empty.
        """
        self._read, self._opens, self._roles, self._language = read, opens, frozenset(roles), language.current()
        super().__init__(described=self._described())
        self.on_msg(self._heard)

    def refresh(self) -> None:
        """Read it again."""
        with language.speaking(self._language):
            self.described = self._described()

    def _described(self) -> dict[str, Any]:
        with served.store().reading() as session:
            served.check(session, self._roles)
            found = self._read(session)
        return {
            "title": found.title,
            "about": found.about,
            "heads": list(found.heads),
            "columns": list(found.columns),
            "measures": [{"name": name, "title": title} for name, title in found.measures.items()],
            "rows": [_row(one) for one in found.rows],
            "shares": list(found.shares),
            "opens": self._opens is not None,
            "words": words.of_matrices(),
            "tag": words.TAGS[language.current()],
        }

    def _heard(self, _widget: object, said: Mapping[str, Any], _pieces: list[memoryview]) -> None:
        with language.speaking(self._language):
            try:
                if self._opens is not None and type(said.get("cell")) is int:
                    self._opens(said["cell"])
                self.send({"id": said.get("id")})
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.send({"id": said.get("id"), "failed": guard.told(error)})


def _row(one: Row) -> dict[str, Any]:
    return {
        "heads": list(one.heads),
        "ids": list(one.ids),
        "cells": {name: list(amounts) for name, amounts in one.cells.items()},
        "levels": list(one.levels),
        "level": one.level,
    }
