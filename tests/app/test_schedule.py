"""The schedule: cron times across time zones and clock changes, and what is still due."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.app.conftest import Make

from marketbook.app import catalogue, cron, history, schedule
from marketbook.kit.config import settings
from marketbook.kit.store import Store

MONDAY = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "zone", "expected"),
    [
        ("0 7 * * 1", "Asia/Shanghai", "2026-11-30T07:00:00+08:00"),
        ("0 9 * * 1", "Asia/Shanghai", "2026-11-23T09:00:00+08:00"),
        ("0 7 * * 0", "UTC", "2026-11-29T07:00:00+00:00"),
        ("0 7 * * 7", "UTC", "2026-11-29T07:00:00+00:00"),
        ("0 7 * * mon-fri", "America/New_York", "2026-11-23T07:00:00-05:00"),
        ("0 7 1 * *", "Asia/Kolkata", "2026-12-01T07:00:00+05:30"),
        ("*/15 * * * *", "UTC", "2026-11-23T00:15:00+00:00"),
        ("0 0 1 1 *", "Pacific/Auckland", "2027-01-01T00:00:00+13:00"),
        ("0 7 25 * 5", "UTC", "2026-11-25T07:00:00+00:00"),
        ("0 7 28 * 5", "UTC", "2026-11-27T07:00:00+00:00"),
    ],
)
def test_the_next_time_is_in_the_schedules_zone(line: str, zone: str, expected: str) -> None:
    found = cron.following(line, zone, MONDAY)
    assert found is not None
    assert found.isoformat() == expected


def test_clocks_that_change_keep_the_local_hour() -> None:
    times = list(
        cron.between(
            "0 7 * * *", "Europe/Berlin", datetime(2026, 3, 27, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC)
        )
    )
    assert [t.hour for t in times] == [7, 7, 7]
    assert [t.astimezone(UTC).hour for t in times] == [6, 5, 5]


def test_a_day_that_never_comes_has_no_next_time() -> None:
    assert cron.following("0 7 30 2 *", "UTC", MONDAY) is None


def test_upcoming_is_sorted_by_time_whatever_the_zone(make: Make) -> None:
    make("count-things", params="schedule: {cron: '0 7 * * *', time_zone: America/New_York}")
    make("count-more", params="schedule: {cron: '0 9 * * *', time_zone: Asia/Shanghai}", like="CountThings")
    make("count-less", like="CountThings")
    due = schedule.upcoming(catalogue.reports(), MONDAY)
    assert [d.report.notebook for d in due] == ["trial/count-more", "trial/count-things"]


@pytest.mark.parametrize(
    ("line", "hours"), [("0 7 * * 1", 7 * 24 - 7), ("0 20 * * *", 4), ("*/5 * * * *", 0), ("0 0 1 * *", 22 * 24)]
)
def test_the_last_time_that_was_due_is_found(make: Make, line: str, hours: int) -> None:
    make(params=f"schedule: {{cron: '{line}', time_zone: UTC}}")
    (report,) = catalogue.reports()
    assert schedule.last_due(report, MONDAY) == MONDAY - timedelta(hours=hours)


def test_a_missed_time_is_due_until_it_succeeds_or_failed_three_times(make: Make) -> None:
    make(params="schedule: {cron: '0 7 * * *', time_zone: UTC}\nlanguages: [en, zh_Hans]")
    store = Store(settings().store)
    english, chinese = schedule.orders_due(catalogue.reports(), MONDAY, store)
    with store.writing() as session:
        history.succeed(session, history.start(session, english.identity, versions={}).id)
    for left in (1, 1, 0):
        with store.writing() as session:
            history.fail(session, history.start(session, chinese.identity, versions={}).id, error="e")
        assert len(schedule.orders_due(catalogue.reports(), MONDAY, store)) == left
    assert len(schedule.orders_due(catalogue.reports(), MONDAY + timedelta(days=1), store)) == 2
    store.close()
