"""A list as a widget: searched, sorted, read page by page; rows open; it leaves as a workbook and comes back as one."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import anywidget
import traitlets
from pydantic import BaseModel
from sqlalchemy.orm import Session

from marketbook.kit import language, visitor
from marketbook.kit.errors import RecordError
from marketbook.kit.forms import comparison, guard, returned, served, sheet, words
from marketbook.kit.forms.comparison import Comparison, Services, Wanted
from marketbook.kit.forms.fields import FormField, fields
from marketbook.kit.forms.rows import MOST, Leaving, Order, Row, Rows
from marketbook.kit.forms.script import script, style
from marketbook.kit.forms.uploads import Uploads
from marketbook.kit.language import gettext as _
from marketbook.kit.language import ngettext
from marketbook.kit.records import exports

Model = TypeVar("Model", bound=BaseModel)

PAGE = 50
SHOWN = 200
"""How many rows of a comparison are shown."""

LIVE = 30
"""After how many seconds a list that moves by itself is read again."""

AGAIN = 500
"""How many rows of it are read again at most."""


@dataclass(frozen=True)
class Opening:
    """What the list's rows and its button lead to.

    Attributes:
        row: Opens a record, by its id; None where rows do not open.
        new: Opens an empty form; None where nothing can be added one by one.
        new_text: What the button for it says.
        more: Further buttons: what each says, and what it opens.
    """

    row: Callable[[int], None] | None = None
    new: Callable[[], None] | None = None
    new_text: str = ""
    more: Sequence[tuple[str, Callable[[], None]]] = ()

    @property
    def buttons(self) -> list[tuple[str, Callable[[], None]]]:
        """The buttons above the list."""
        return [*([(self.new_text, self.new)] if self.new else []), *self.more]


@dataclass(frozen=True)
class View:
    """One of several lists that a listing turns to.

    Attributes:
        title: What its button says.
        rows: Where its rows come from.
        roles: Who may read it, beside the roles of the listing; everybody of those where it is empty.
    """

    title: str
    rows: Rows
    roles: frozenset[str] = frozenset()


class Listing(anywidget.AnyWidget, Generic[Model]):
    """A list of records; everybody who reaches it in a served kernel with one of the roles may read it."""

    _esm = script("listing")
    _css = style()
    described = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: type[Model],
        rows: Rows | Sequence[View],
        *,
        title: str,
        opening: Opening | None = None,
        services: Services[Model] | None = None,
        roles: Collection[str] = (),
        shown: Collection[str] = (),
        minor: Collection[str] = (),
        bare: bool = False,
        written: Callable[[], None] | None = None,
        live: float | None = None,
        personal: str = "",
        leaving: Callable[[Session, list[Row]], Leaving] | None = None,
    ) -> None:
        """Make a list in the current language.

        Args:
            model: What each row holds.
            rows: Where they come from; or several views, of which the reader chooses one.
            title: Its heading, and the workbook's name.
            opening: What a row and the button above lead to.
            services: How a workbook that comes back is written; it cannot come back without.
            roles: Who may read it and send it back, as of then; everybody with an account where it is empty.
            shown: The columns on the screen; all of them where it is empty. The workbook has all.
            minor: Those of them that a phone leaves out.
            bare: Its rows are shown elsewhere on the screen: here they only leave and come back.
            written: Called when rows that came back were written.
            live: After how many seconds it is read again by itself, such as `LIVE`, while somebody looks at it; where
                none is given it stays as it is.
            personal: Under which name it is noted that the list left, where its rows are about people.
            leaving: Says which rows leave, and notes it, in the transaction in which the workbook is written: what it
                raises keeps the list here, and what it noted is undone where there is no workbook.
        """
        self._views = [View("", rows)] if isinstance(rows, Rows) else list(rows)
        self.rows = self._views[0].rows
        self.model, self.asked, self.title = model, fields(model, record=True), title
        self._opening, self._services, self._roles = opening or Opening(), services, frozenset(roles)
        self._minor = frozenset(minor)
        self._columns = [one for one in self.asked if one.kind != "hidden" and (not shown or one.name in shown)]
        self._bare, self._written, self._live = bare, written, live
        self._personal, self._leaving = personal, leaving
        self._language, self._uploads = language.current(), Uploads(returned.LARGEST)
        self._next: tuple[Any, int] | None = None
        self._returned: Comparison[Model] | None = None
        super().__init__(described=self._described())
        self.on_msg(self._heard)

    def refresh(self) -> None:
        """Have the browser read the rows again."""
        self.send({"refresh": True})

    def turn_to(self, rows: Rows) -> None:
        """Show other rows, such as those that a form of its own has asked for."""
        self.rows, self._views, self._next = rows, [View("", rows)], None
        self.refresh()

    def _described(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "columns": [_column(one, self.rows, minor=one.name in self._minor) for one in self._columns],
            "words": words.of_lists(),
            "opens": self._opening.row is not None,
            "buttons": [text for text, _open in self._opening.buttons],
            "views": [view.title for view in self._views] if len(self._views) > 1 else [],
            "returns": self._services is not None,
            "searches": self.rows.searches,
            "bare": self._bare,
            "live": self._live,
            "tag": words.TAGS[language.current()],
        }

    def _heard(self, _widget: object, said: Mapping[str, Any], pieces: list[memoryview]) -> None:
        """Answer a message of the script."""
        answers = {"page": self._page, "open": self._open, "new": self._open, "export": self._export,
                   "upload": self._upload, "confirm": self._confirm}  # fmt: skip
        about = {"id": said.get("id")}
        with language.speaking(self._language):
            try:
                answer = answers[str(said.get("do"))](said, pieces)
                buffers = [answer.pop("content")] if "content" in answer else []
                self.send({**about, **answer}, buffers)
            except Exception as error:  # noqa: BLE001  # the browser hears a number
                self.send({**about, "failed": guard.told(error)})

    def _page(self, said: Mapping[str, Any], _pieces: list[memoryview]) -> dict[str, Any]:
        after = self._next if said.get("more") else None
        size = max(PAGE, min(int(said.get("shown") or 0), AGAIN))
        with served.store().reading() as session:
            page = self._view(session, said).page(session, _order(said), after=after, size=size)
        self._next = page.after
        return {"rows": [self._row(row) for row in page.rows], "more": page.after is not None}

    def _view(self, session: Session, said: Mapping[str, Any]) -> Rows:
        """Return the rows of the view that is asked for."""
        view = self._views[int(said.get("view") or 0)]
        served.check(session, self._roles)
        served.check(session, view.roles)
        return view.rows

    def _row(self, row: Row) -> dict[str, Any]:
        return {"id": row["id"], "cells": [sheet.shown(one, row.get(one.name)) for one in self._columns]}

    def _open(self, said: Mapping[str, Any], _pieces: list[memoryview]) -> dict[str, Any]:
        visitor.required()
        if said.get("do") == "new":
            self._opening.buttons[int(said.get("button") or 0)][1]()
        elif self._opening.row and type(said.get("row")) is int:
            self._opening.row(said["row"])
        return {}

    def _export(self, said: Mapping[str, Any], _pieces: list[memoryview]) -> dict[str, Any]:
        with served.store().reading() as session:
            page = self._view(session, said).page(session, _order(said), size=MOST)
        if page.after is not None:
            told = _("The list has more than {most} rows; search for fewer, then take them out.")
            raise RecordError(told.format(most=language.format_integer(MOST)))
        if self._leaving is None:
            self._note(len(page.rows))
            return self._workbook(page.rows)
        with served.store().writing() as session:
            served.check(session, self._roles)
            found = self._leaving(session, page.rows)
            return {**self._workbook(found.rows), "text": found.text}

    def _workbook(self, rows: Sequence[Row]) -> dict[str, Any]:
        fixed = self._services.fixed if self._services else [one.name for one in self.asked]
        content = sheet.write(self.asked, rows, title=self.title, fixed=fixed)
        return {"name": f"{self.title}.xlsx", "content": content}

    def _note(self, count: int) -> None:
        """Note that rows about people leave; they do not where it cannot be noted."""
        if self._personal:
            with served.store().writing() as session:
                exports.note(session, party_id=visitor.required().party_id, name=self._personal, count=count)

    def _upload(self, said: Mapping[str, Any], pieces: list[memoryview]) -> dict[str, Any]:
        arrived = self._uploads.take(said, bytes(pieces[0]))
        if arrived is None or self._services is None:
            return {}
        lines = returned.read(self.model, arrived.name, arrived.content)
        with served.store().reading() as session:
            served.check(session, self._roles)
            found = comparison.compare(
                session, self.model, self.asked, lines, rows=self.rows, services=self._services
            )  # fmt: skip
        self._returned = comparison.rehearse(served.store(), found, self._services)
        return {"preview": self._preview(self._returned)}

    def _confirm(self, _said: Mapping[str, Any], _pieces: list[memoryview]) -> dict[str, Any]:
        found, self._returned = self._returned, None
        if found is None or self._services is None:
            raise RecordError(_("Please choose the file again."))
        with served.store().writing() as session:
            served.check(session, self._roles)
            count = comparison.apply(session, self.asked, found, rows=self.rows, services=self._services)
        if self._written is not None:
            self._written()
        return {"text": ngettext("{count} row was written.", "{count} rows were written.", count).format(count=count)}

    def _preview(self, found: Comparison[Model]) -> dict[str, Any]:
        return {
            "counts": {
                "new": len(found.new),
                "changed": len(found.changed),
                "refused": len({one.row for one in found.refused}),
                "unchanged": found.unchanged,
            },
            "refusals": len(found.refused),
            "new": [self._new(one) for one in found.new[:SHOWN]],
            "changed": [[one.line.row, *cell] for one in found.changed[:SHOWN] for cell in one.cells],
            "refused": [[one.row, one.column, one.value, one.reason] for one in found.refused[:SHOWN]],
        }

    def _new(self, one: Wanted[Model]) -> list[Any]:
        values = dict(one.record)
        return [one.line.row, *(sheet.shown(column, values[column.name]) for column in self._columns)]


def _column(one: FormField, rows: Rows, *, minor: bool) -> dict[str, Any]:
    right = one.kind in ("money", "share", "whole", "number")
    about = {"name": one.name, "title": one.title, "right": right, "sorts": one.name in rows.columns}
    return {**about, "minor": True} if minor else about


def _order(said: Mapping[str, Any]) -> Order:
    return Order(str(said.get("search") or ""), str(said.get("sort") or ""), descending=bool(said.get("descending")))
