from datetime import date

import pytest

from marketbook.kit.errors import ParamsError
from marketbook.segmentation.params import SegmentMarket


def test_the_year_before_is_the_same_day() -> None:
    assert SegmentMarket(as_of=date(2024, 2, 29)).year_before == date(2023, 2, 28)


def test_windows_a_year_apart_never_overlap() -> None:
    assert [SegmentMarket(months=months).months_followed for months in (3, 12, 36)] == [3, 12, 12]


def test_fewest_above_most_is_refused() -> None:
    with pytest.raises(ParamsError, match="fewest_segments 6 is above most_segments 4"):
        SegmentMarket.check({"fewest_segments": 6, "most_segments": 4})
