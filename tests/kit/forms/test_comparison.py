"""A list that comes back: what is new, changed, refused, unchanged; stale rows; all or nothing, on both engines."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session
from tests.kit.forms.vendors import ROWS, SERVICES, Vendor, fill, names

from marketbook.kit.errors import RecordError
from marketbook.kit.forms import comparison, returned, sheet
from marketbook.kit.forms.comparison import Comparison, Services, Wanted
from marketbook.kit.forms.fields import FormField, fields
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import Party
from marketbook.kit.store import Store

NAME, SEGMENT, CHECKED, STATUS, FIXED = range(3, 8)


def asked() -> list[FormField]:
    return fields(Vendor, record=True)


def exported(store: Store) -> bytes:
    with store.reading() as session:
        return sheet.write(asked(), ROWS.page(session, Order(), size=100).rows, title="Vendors", fixed=["birthday"])


def edited(content: bytes, cells: dict[tuple[int, int], Any]) -> bytes:
    book = openpyxl.load_workbook(BytesIO(content))
    for (row, column), value in cells.items():
        book.active.cell(row, column).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def compared(store: Store, content: bytes, services: Services[Vendor] = SERVICES) -> Comparison[Vendor]:
    lines = returned.read(Vendor, "list.xlsx", content)
    with store.reading() as session:
        return comparison.compare(session, Vendor, asked(), lines, rows=ROWS, services=services)


def applied(store: Store, found: Comparison[Vendor]) -> int:
    with store.writing() as session:
        return comparison.apply(session, asked(), found, rows=ROWS, services=SERVICES)


def test_a_list_that_comes_back_as_it_left_changes_nothing(store: Store) -> None:
    fill(store, "a", "b", segment="x", checked_on=date(2026, 3, 1))
    found = compared(store, exported(store))
    assert found == Comparison(unchanged=2)
    assert applied(store, found) == 0


def test_new_changed_and_unchanged_rows_are_told_apart_and_written_once_confirmed(store: Store) -> None:
    _, second, _ = fill(store, "a", "b", "c")
    cells = {(3, NAME): "B", (3, CHECKED): date(2026, 3, 1), (5, NAME): "new", (5, STATUS): "ended"}
    found = comparison.rehearse(store, compared(store, edited(exported(store), cells)), SERVICES)
    assert [(one.line.id, one.cells) for one in found.changed] == [
        (second, (("Name", "b", "B"), ("Language", "", "2026-03-01")))
    ]
    assert [one.record.name for one in found.new] == ["new"]
    assert (found.refused, found.unchanged) == ([], 2)
    assert names(store) == ["a", "b", "c"]
    assert applied(store, found) == 2
    assert names(store) == ["B", "a", "c", "new"]


def test_what_is_refused_says_row_column_value_and_reason(store: Store) -> None:
    fill(store, "a", "b", "c", "d")
    cells = {
        (2, NAME): "", (2, STATUS): "gone", (3, CHECKED): "31/3", (4, FIXED): "03-01", (5, NAME): "Refuse",
        (6, NAME): "stranger", (6, 1): 999,
    }  # fmt: skip
    found = comparison.rehearse(store, compared(store, edited(exported(store), cells)), SERVICES)
    told = [(one.row, one.column, one.value, one.reason) for one in found.refused]
    assert told == [
        (2, "Name", "", "must not be empty"),
        (2, "State", "gone", "must be one of active, ended"),
        (3, "Language", "31/3", "must be a day like 2026-11-23"),
        (4, "Fixed", "03-01", "cannot be changed in this way"),
        (5, "", "", "name: is refused by the service."),
        (6, "Record number", "999", "There is no such record (any more)."),
    ]
    assert (found.new, found.changed, names(store)) == ([], [], ["a", "b", "c", "d"])


def test_a_row_that_was_changed_meanwhile_is_refused_with_what_it_is_now(store: Store) -> None:
    first, _ = fill(store, "a", "b")
    content = edited(exported(store), {(2, NAME): "mine", (3, NAME): "B"})
    with store.writing() as session:
        session.get_one(Party, first).name = "theirs"
    found = compared(store, content)
    assert [(one.row, one.column, one.value) for one in found.refused] == [(2, "Name", "mine")]
    assert "it is now: theirs" in found.refused[0].reason
    assert [one.record.name for one in found.changed] == ["B"]


def test_a_change_between_preview_and_confirmation_stops_everything(store: Store) -> None:
    _, second = fill(store, "a", "b")
    found = compared(store, edited(exported(store), {(2, NAME): "A", (3, NAME): "B"}))
    with store.writing() as session:
        session.get_one(Party, second).segment = "x"
    with pytest.raises(RecordError, match="Row 3: somebody has just changed this record; nothing was written"):
        applied(store, found)
    assert names(store) == ["a", "b"]


def test_a_row_that_fails_at_last_takes_the_others_with_it(store: Store) -> None:
    fill(store, "a", "b")
    found = compared(store, edited(exported(store), {(2, NAME): "A", (3, NAME): "Refuse"}))
    with pytest.raises(RecordError, match="name: is refused by the service. Nothing was written".replace(".", r"\.")):
        applied(store, found)
    assert names(store) == ["a", "b"]


def test_a_trial_leaves_nothing_behind_and_other_errors_are_a_number(store: Store) -> None:
    fill(store, "a")
    content = edited(exported(store), {(2, NAME): "A", (3, NAME): "new"})

    def broken(_session: object, _vendor: Vendor) -> None:
        raise ZeroDivisionError("secret")

    services = Services(change=SERVICES.change, add=broken)
    found = comparison.rehearse(store, compared(store, content, services), services)
    assert [(one.row, "secret" in one.reason) for one in found.refused] == [(3, False)]
    assert names(store) == ["a"]


def test_rows_that_stand_twice_or_may_not_be_written_are_refused(store: Store) -> None:
    first, _ = fill(store, "a", "b")
    content = edited(exported(store), {(3, 1): first, (3, NAME): "twice", (4, NAME): "new"})
    found = compared(store, content, Services(change=SERVICES.change))
    assert [(one.row, one.reason) for one in found.refused] == [
        (3, "stands in the file before already"),
        (4, "No rows can be added here."),
    ]


def together(session: Session, rows: Sequence[Wanted[Vendor]]) -> dict[int, str]:
    refused = {one.line.row: "no." for one in rows if one.record.name == "Refuse"}
    for one in rows if not refused else ():
        SERVICES.add(session, one.record) if one.line.id is None else SERVICES.change(session, one.line.id, one.record)  # type: ignore[misc]
    return refused


TOGETHER = replace(SERVICES, together=together)


def test_rows_that_are_written_at_once_are_rehearsed_and_written_at_once(store: Store) -> None:
    fill(store, "a", "b")
    cells = {(2, NAME): "A", (3, NAME): "Refuse", (4, NAME): "new"}
    found = comparison.rehearse(store, compared(store, edited(exported(store), cells)), TOGETHER)
    assert [(one.row, one.reason) for one in found.refused] == [(3, "no.")]
    assert names(store) == ["a", "b"]
    with store.writing() as session:
        assert comparison.apply(session, asked(), found, rows=ROWS, services=TOGETHER) == 2
    assert names(store) == ["A", "b", "new"]


def test_what_is_refused_of_all_rows_is_said_at_each(store: Store) -> None:
    def late(_session: Session, _rows: Sequence[Wanted[Vendor]]) -> dict[int, str]:
        raise RecordError("is closed.")

    fill(store, "a", "b")
    wanted = compared(store, edited(exported(store), {(2, NAME): "A", (3, NAME): "B"}))
    found = comparison.rehearse(store, wanted, replace(SERVICES, together=late))
    assert [(one.row, one.reason) for one in found.refused] == [(2, "is closed."), (3, "is closed.")]
    assert found.changed == []


def test_what_is_refused_when_it_is_confirmed_writes_nothing(store: Store) -> None:
    fill(store, "a", "b")
    found = compared(store, edited(exported(store), {(2, NAME): "A", (3, NAME): "Refuse"}))
    with pytest.raises(RecordError, match=r"Row 3: no\. Nothing was written"), store.writing() as session:
        comparison.apply(session, asked(), found, rows=ROWS, services=TOGETHER)
    assert names(store) == ["a", "b"]
