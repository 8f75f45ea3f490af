from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from marketbook.kit.records import roles
from marketbook.kit.store import at, now

EVENING = datetime(2025, 3, 31, 18, 30, tzinfo=UTC)


def test_it_is_the_given_moment_inside_and_the_real_one_after() -> None:
    with at(EVENING):
        with at(EVENING + timedelta(hours=1)):
            assert now() == EVENING + timedelta(hours=1)
        assert now() == EVENING
    assert abs(now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_companys_day_follows_the_given_moment() -> None:
    with at(EVENING):
        assert roles.today() == date(2025, 4, 1)


def test_a_given_moment_comes_out_in_utc() -> None:
    with at(datetime(2025, 4, 1, 2, 30, tzinfo=timezone(timedelta(hours=8)))):
        assert (now(), now().tzinfo) == (EVENING, UTC)


def test_the_real_moment_is_back_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), at(EVENING):
        raise ZeroDivisionError
    assert now() > EVENING + timedelta(days=300)


def test_it_refuses_a_moment_without_a_zone() -> None:
    with pytest.raises(ValueError, match="has no time zone"), at(datetime(2025, 3, 31)):  # noqa: DTZ001
        pass
