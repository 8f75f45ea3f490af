"""A headline number beside what it was, by its kind."""

from typing import Any

import pytest

from marketbook.app.server.home.changes import change
from marketbook.kit import language


def number(kind: str, value: float | None) -> dict[str, Any]:
    return {"kind": kind, "value": value}


@pytest.mark.parametrize(
    ("kind", "now", "before", "written"),
    [
        ("share", 0.503, 0.48, "+2.3 percentage points"),
        ("share", 0.48, 0.503, "−2.3 percentage points"),
        ("money", 1_200_000.0, 1_000_000.0, "+CN¥200K"),
        ("minor", 120_000, 100_000, "+CN¥200"),
        ("count", 1900, 2000, "−100"),
        ("points", 35.0, 33.9, "+1.1"),
        ("number", 5.22, 5.01, "+0.21"),
    ],
)
def test_a_change_is_written_by_its_kind(kind: str, now: float, before: float, written: str) -> None:
    found = change(number(kind, now), number(kind, before))
    assert found is not None
    assert (found.written, found.rise) == (written, 1 if now > before else -1)


def test_a_change_too_small_to_be_written_is_none() -> None:
    found = change(number("share", 0.50301), number("share", 0.50299))
    assert found is not None
    assert (found.written, found.rise) == ("the same as before", 0)


@pytest.mark.parametrize(("kind", "now", "before"), [("p", 0.04, 0.2), ("share", None, 0.2), ("count", 3, None)])
def test_some_differences_say_nothing(kind: str, now: float | None, before: float | None) -> None:
    assert change(number(kind, now), number(kind, before)) is None


def test_a_number_that_was_nothing_has_no_relative_size() -> None:
    found = change(number("count", 3), number("count", 0))
    assert found is not None
    assert found.size == 0


def test_it_reads_as_chinese() -> None:
    with language.speaking("zh_Hans"):
        found = change(number("share", 0.503), number("share", 0.48))
    assert found is not None
    assert found.written == "+2.3 个百分点"
