"""Moments as a person tells them."""

from datetime import UTC, datetime, timedelta

import pytest

from marketbook.app.server import moments
from marketbook.kit import language

NOON = datetime(2026, 11, 25, 4, tzinfo=UTC)
"""A Wednesday's noon in Shanghai."""


@pytest.fixture(autouse=True)
def _it_is_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "now", lambda: NOON)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=8), "8 days ago"),
        (timedelta(seconds=-5), "just now"),
    ],
)
def test_the_past_is_told_in_the_coarsest_unit(passed: timedelta, said: str) -> None:
    assert moments.ago(NOON - passed) == said


@pytest.mark.parametrize(("spoken", "said"), [("zh_Hans", "3小时前"), ("zh_Hant", "3 小時前"), ("en", "3 hours ago")])
def test_the_past_is_told_in_each_language(spoken: str, said: str) -> None:
    with language.speaking(spoken):
        assert moments.ago(NOON - timedelta(hours=3)) == said


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "today 12:00"), (1, "tomorrow 12:00"), (5, "Mon 12:00"), (7, "2 Dec 2026 12:00"), (-1, "24 Nov 2026 12:00")],
)
def test_what_comes_is_told_by_its_weekday_within_a_week(days: int, said: str) -> None:
    assert moments.ahead(NOON + timedelta(days=days)) == said


@pytest.mark.parametrize(("spoken", "said"), [("zh_Hans", "周一 12:00"), ("zh_Hant", "周一 12:00")])
def test_weekdays_are_written_as_the_company_does(spoken: str, said: str) -> None:
    with language.speaking(spoken):
        assert moments.ahead(NOON + timedelta(days=5)) == said


def test_today_is_the_companys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "now", lambda: datetime(2026, 11, 24, 17, tzinfo=UTC))
    assert moments.is_today(NOON)
    assert not moments.is_today(datetime(2026, 11, 24, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("hour", "said"), [(23, "Good morning"), (4, "Good afternoon"), (11, "Good evening"), (20, "Good evening")]
)
def test_it_greets_by_the_companys_clock(monkeypatch: pytest.MonkeyPatch, hour: int, said: str) -> None:
    monkeypatch.setattr(moments, "now", lambda: NOON.replace(hour=hour))
    assert moments.greeting() == said


@pytest.mark.parametrize(("seconds", "said"), [(5.13, "5.1 s"), (45.2, "45 s"), (200.4, "3 min 20 s")])
def test_how_long_it_took(seconds: float, said: str) -> None:
    assert moments.took(seconds) == said
