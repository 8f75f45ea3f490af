"""What people type is read as they mean it, and a record is written as it would be typed."""

from datetime import date
from typing import Any

import pytest
from tests.kit.forms.record import Claim, Line

from marketbook.kit.facts.cells import Unread
from marketbook.kit.forms import typed
from marketbook.kit.forms.checking import check
from marketbook.kit.forms.fields import FormField, fields
from marketbook.kit.language import speaking

ASKED = fields(Claim, record=True)
RIGHT = {"purpose": "Trip", "total_minor": "￥1,234.50", "since": "2026年3月1日", "kind": "payment"}


def named(name: str) -> FormField:
    return next(one for one in [*ASKED, *fields(Line, record=True)] if one.name == name)


def lines(*rows: list[str]) -> dict[str, Any]:
    names = ["what", "day", "amount_minor"]
    return {"lines": {"columns": names, "rows": list(rows)}}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("total_minor", "１，２３４．５", 123450), ("total_minor", "1,234.50元", 123450), ("total_minor", "-5", -500),
        ("total_minor", "1.2万", 1_200_000), ("total_minor", "￥３，０００萬元", 3_000_000_000),
        ("total_minor", "-", 0),
        ("total_minor", "0.00001万", 10), ("total_minor", "1亿", 10_000_000_000), ("total_minor", "1万2", "1万2"),
        ("quota", "1 234", "1 234"), ("quota", "1e3", 1000.0), ("quota", "", None),
        ("share", "12.5%", 0.125), ("share", "0.5", 0.5), ("share", "１００％", 1.0), ("pieces", "１２", 12),
        ("since", "2026/3/1", date(2026, 3, 1)), ("since", "2026年3月1日", date(2026, 3, 1)),
        ("since", "2026-03-01", date(2026, 3, 1)), ("since", "1/3/2026", "1/3/2026"),
        ("paid", "是", True), ("paid", "no", False), ("kind", " PAYMENT ", "payment"), ("kind", "gift", "gift"),
        ("purpose", "  a\u200b ", "a"), ("reason", " a\r\nb ", "a\nb"), ("owner_id", "7", 7), ("owner_id", "", None),
        ("tags", ["urgent"], ["urgent"]), ("tags", [], []), ("version", "3", "3"),
    ],
)  # fmt: skip
def test_it_reads_what_people_write(name: str, text: Any, value: Any) -> None:
    found = typed.read_one(next(one for one in [*ASKED, *fields(Line, record=True)] if one.name == name), text)
    assert found == value


UNREADABLE = [
    ("total_minor", "1.005"),
    ("total_minor", "0.0000001万"),
    ("purpose", "a\x00"),
    ("reason", "\x07"),
    ("purpose", 3),
    ("tags", [1]),
]


@pytest.mark.parametrize(("name", "text"), [*UNREADABLE, ("tags", {"a": 1})])
def test_what_cannot_be_read_says_why(name: str, text: Any) -> None:
    assert isinstance(typed.read_one(named(name), text), Unread)


def test_a_record_written_and_read_again_is_the_same() -> None:
    line = Line(what="a\tb", day=date(2026, 3, 1), amount_minor=150, share=0.125, paid=True, kind="media")
    claim = Claim(
        purpose="Trip", reason="a\nb", total_minor=123450, since=date(2026, 1, 2), kind="request", tags=["foreign"],
        foreign=True, owner_id=7, version="4", quota=1.5, lines=[line],
    )  # fmt: skip
    for language in ("en", "zh_Hans", "zh_Hant"):
        with speaking(language):
            asked = fields(Claim, record=True)
            assert check(Claim, asked, typed.write(asked, claim), finders={}).record == claim


def test_choices_in_a_table_are_known_by_their_label() -> None:
    with speaking("zh_Hans"):
        asked = next(one for one in fields(Claim, record=True) if one.name == "foreign")
        assert typed.cell(asked, True) == "是"


def test_refusals_stand_at_the_field() -> None:
    found = check(Claim, ASKED, RIGHT | {"purpose": "", "total_minor": "0", "since": "", "kind": "", "quota": "x"})
    assert found.record is None
    assert found.refusals == {
        "purpose": "must not be empty",
        "total_minor": "must be greater than 0.00",
        "since": "must not be empty",
        "kind": "must not be empty",
        "quota": "must be a number",
    }


def test_refusals_in_a_table_stand_at_the_cell_and_empty_rows_do_not_count() -> None:
    found = check(
        Claim, ASKED, RIGHT | lines(["Train", "2026/3/1", "12"], ["", " ", ""], ["Bus", "31/3", "1.005"], ["", "", "3"])
    )
    assert found.refusals == {
        "lines/2/day": "must be a day like 2026-11-23",
        "lines/2/amount_minor": "has a fraction of a fen",
        "lines/3/what": "must not be empty",
        "lines/3/day": "must not be empty",
    }


def test_a_table_is_known_by_its_columns_names_and_defaults_fill_what_is_empty() -> None:
    table = {"columns": ["gone", "amount_minor", "day", "what"], "rows": [["x", "12", "2026-03-01", "Train"]]}
    found = check(Claim, ASKED, RIGHT | {"lines": table}).record
    assert found is not None
    assert found.lines == [Line(what="Train", day=date(2026, 3, 1), amount_minor=1200)]


@pytest.mark.parametrize(
    "table", [3, None, {"columns": 1, "rows": []}, {"columns": [], "rows": [3]}, {"rows": [[]]}, [["a"]]]
)
def test_what_is_no_table_is_refused(table: object) -> None:
    assert "lines" in check(Claim, ASKED, RIGHT | {"lines": table}).refusals


@pytest.mark.parametrize("value", ["x", {"name": "a"}, {"name": "a", "sha256": "../../x", "size": 1}, [1]])
def test_what_is_no_attachment_is_refused(value: object) -> None:
    assert check(Claim, ASKED, RIGHT | {"receipt": value}).refusals == {"receipt": "must be a file"}


def test_references_must_be_there() -> None:
    asked = RIGHT | {"owner_id": "7"} | {"lines": {"columns": ["what", "day", "amount_minor", "channel_id"],
                                                   "rows": [["a", "2026-03-01", "1", "Shop"]]}}  # fmt: skip
    found = check(
        Claim, ASKED, asked, known={"owner_id": lambda _id: False}, finders={"lines.channel_id": lambda _l: None}
    )
    assert found.refusals == {"owner_id": "is not there any more", "lines/0/channel_id": "is not known"}
    found = check(Claim, ASKED, asked, known={"owner_id": lambda _id: True}, finders={"lines.channel_id": lambda _l: 9})
    assert found.record is not None
    assert (found.record.owner_id, found.record.lines[0].channel_id) == (7, 9)
