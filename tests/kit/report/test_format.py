"""Formatting by name: one table of what is written how, in three languages."""

from datetime import date

import pandas as pd
import pytest

from marketbook.kit.language import speaking
from marketbook.kit.report.format import by_name, kind_of, write


@pytest.mark.parametrize(
    ("name", "value", "english", "chinese"),
    [
        ("share_aware", 0.1234, "12.3%", "12.3%"),
        ("conversion_rate", 0.5, "50.0%", "50.0%"),
        ("share_aware_ci", (0.1, 0.2), "[10.0%, 20.0%]", "[10.0%, 20.0%]"),
        ("cost_minor", 123_456, "CN¥1,235", "¥1,235"),
        ("spend_minor_low", 99, "CN¥0.99", "¥0.99"),
        ("revenue", 1234.6, "CN¥1,235", "¥1,235"),
        ("amount_per_order", 86.5, "CN¥86.50", "¥86.50"),
        ("price_minor", 4900, "CN¥49", "¥49"),
        ("n", 1234, "1,234", "1,234"),
        ("p_value", 0.0004, "<0.001", "<0.001"),
        ("p_value", 0.0123, "0.012", "0.012"),
        ("roas", 1.234, "1.23", "1.23"),
        ("index", 12345.6, "12,346", "12,346"),
        ("elasticity", 0.0123, "0.012", "0.012"),
        ("nps_ci", (29.84, 140.2), "[29.8, 140.2]", "[29.8, 140.2]"),
        ("started_on", date(2026, 11, 3), "3 Nov 2026", "2026年11月3日"),
        ("month", date(2026, 11, 3), "Nov 2026", "2026年11月"),
        ("share", None, "–", "–"),
        ("week", pd.NaT, "–", "–"),
        ("roas", float("nan"), "–", "–"),
        ("kept", True, "yes", "是"),
    ],
)
def test_a_number_is_written_as_its_name_asks(name: str, value: object, english: str, chinese: str) -> None:
    with speaking("en"):
        assert by_name(name, value).replace("\xa0", "") == english
    with speaking("zh_Hans"):
        assert by_name(name, value) == chinese


def test_a_headline_writes_large_amounts_by_their_size() -> None:
    with speaking("zh_Hans"):
        assert by_name("revenue", 650_000_000, short=True) == "¥6.5亿"
    with speaking("zh_Hant"):
        assert by_name("revenue", 650_000_000, short=True) == "¥6.5億"
    with speaking("en"):
        assert by_name("revenue", 650_000_000, short=True) == "CN¥650M"


def test_days_that_left_the_notebook_as_text_are_written_as_days() -> None:
    with speaking("zh_Hans"):
        assert write("2025-01-06", "date") == "2025年1月6日"
        assert write("第一周", "date") == "第一周"


def test_plain_numbers_of_one_interval_have_the_same_decimals() -> None:
    assert by_name("points_ci", (0.5, 120.0)) == "[0.5, 120.0]"
    assert kind_of("points_ci") == "number"
