import pandas as pd
import pytest

from marketbook.budget.response.holidays import holiday_events
from marketbook.kit.errors import ParamsError


def days(name: str, year: int, country: str = "CN") -> list[str]:
    found = holiday_events(pd.date_range(f"{year}-01-01", f"{year}-12-31"), country)[name]
    return [f"{day:%m-%d}" for day in found.index[found > 0]]


def test_the_days_off_around_spring_festival_are_those_announced() -> None:
    """国办发明电〔2024〕12号: 春节 2025 is from 28 January to 4 February."""
    assert days("春节", 2025) == ["01-28", "01-29", "01-30", "01-31", "02-01", "02-02", "02-03", "02-04"]


def test_a_year_that_is_not_announced_holds_the_legal_days_by_the_lunar_calendar() -> None:
    assert days("春节", 2028) == ["01-25", "01-26", "01-27", "01-28"]


def test_the_great_sales_are_known() -> None:
    assert days("618", 2024) == [f"06-{day:02}" for day in range(1, 19)]
    assert (days("双十一", 2024)[0], days("双十一", 2024)[-1]) == ("10-24", "11-11")


def test_a_week_holds_the_share_of_its_days() -> None:
    weeks = pd.date_range("2025-01-20", periods=3, freq="7D")
    assert holiday_events(weeks)["春节"].tolist() == pytest.approx([0, 6 / 7, 2 / 7])


def test_other_countries_have_their_own_holidays() -> None:
    assert days("Thanksgiving Day", 2025, "US") == ["11-27"]


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(ParamsError, match="country: found 'XX'"):
        holiday_events(pd.date_range("2025-01-01", periods=9), "XX")
