"""The days of birthdays and festivals, held to published ones."""

from datetime import date, timedelta

import pytest

from marketbook.customer.care import days

HOLIDAYS = {
    "spring": {2024: "02-10", 2025: "01-29", 2026: "02-17", 2027: "02-06", 2028: "01-26", 2033: "01-31"},
    "dragon_boat": {2024: "06-10", 2025: "05-31", 2026: "06-19", 2027: "06-09"},
    "mid_autumn": {2020: "10-01", 2024: "09-17", 2025: "10-06", 2026: "09-25", 2027: "09-15"},
    "double_ninth": {2025: "10-29", 2026: "10-18"},
    "lantern": {2025: "02-12", 2026: "03-03"},
    "new_year": {2026: "01-01"},
    "national": {2026: "10-01"},
}
"""As the State Council's notices of public holidays and the Hong Kong Observatory's conversion tables have them."""


@pytest.mark.parametrize(
    ("name", "year", "day"), [(name, year, day) for name, found in HOLIDAYS.items() for year, day in found.items()]
)
def test_a_festival_is_on_its_published_day(name: str, year: int, day: str) -> None:
    assert f"{days.festival(name, year):%m-%d}" == day


@pytest.mark.parametrize(
    ("text", "year", "lunar", "wanted"),
    [
        ("02-29", 2028, False, date(2028, 2, 29)),
        ("02-29", 2026, False, date(2026, 2, 28)),
        ("02-29", 2100, False, date(2100, 2, 28)),
        ("12-31", 2026, False, date(2026, 12, 31)),
        ("06-15", 2025, True, date(2025, 7, 9)),  # 2025 has a leap sixth month: the day is in the one before it
        ("12-30", 2025, True, date(2026, 2, 16)),  # a month of 29 days: its last one
        ("12-30", 2026, True, date(2027, 2, 5)),
        ("01-01", 2026, True, date(2026, 2, 17)),
    ],
)
def test_a_birthday_is_celebrated_once_in_each_year(text: str, year: int, lunar: bool, wanted: date) -> None:
    assert days.birthday(text, year, lunar=lunar) == wanted


def test_a_lunar_birthday_at_the_end_of_the_year_is_of_the_year_that_ends() -> None:
    found = days.coming_birthday("12-20", lunar=True, on=date(2026, 2, 1), ahead=7)
    assert found == days.Day(date(2026, 2, 7), 2025)


@pytest.mark.parametrize("lunar", [False, True])
def test_every_birthday_comes_up_once_a_year_and_is_looked_up_whenever_it_does(lunar: bool) -> None:
    texts = [
        f"{month:02}-{day:02}" for month in (1, 2, 6, 12) for day in (1, 15, 28, 29, 30) if (month, day) != (2, 30)
    ]
    found = dict.fromkeys(texts, 0)
    for number in range(0, 1_461, 8):
        on = date(2024, 3, 1) + timedelta(number)
        looked_up = days.birthdays_between(on, 7)[lunar]
        for text in texts:
            if days.coming_birthday(text, lunar=lunar, on=on, ahead=7):
                assert text in looked_up
                found[text] += 1
    assert set(found.values()) <= ({4, 5} if lunar else {4})


def test_a_festival_is_not_ahead_before_the_days_ahead_and_not_after_its_own() -> None:
    spring = date(2026, 2, 17)
    seen = [days.coming_festival("spring", on=spring + timedelta(n), ahead=7) is not None for n in (-8, -7, 0, 1)]
    assert seen == [False, True, True, False]
