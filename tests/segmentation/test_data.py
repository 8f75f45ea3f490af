from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from marketbook.kit.errors import DataError
from marketbook.kit.facts import Facts
from marketbook.segmentation.data import CUSTOMERS, TRANSACTIONS, profiles


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    facts = Facts(tmp_path)
    people = {
        "joined_on": date(2024, 1, 1),
        "province": "北京",
        "city_tier": "一线",
        "gender": "女",
        "age_band": "25-34",
    }
    facts.write(CUSTOMERS, pd.DataFrame([{"customer_id": "a", "source": "抖音", **people}]))
    days = {"a": ("2024-12-31", "2025-01-01", "2025-12-31"), "b": ("2025-06-18",)}
    rows = [
        (f"{who}{day}", who, pd.Timestamp(day), "家居", "天猫", 1, 100) for who, which in days.items() for day in which
    ]
    facts.write(TRANSACTIONS, pd.DataFrame(rows, columns=TRANSACTIONS.columns))
    return facts


def test_a_year_has_its_first_and_its_last_day(facts: Facts) -> None:
    found = profiles(facts, as_of=date(2025, 12, 31), months=12)
    assert found.n_purchases.tolist() == [2, 1]


def test_a_buyer_who_is_not_listed_is_kept_without_attributes(facts: Facts) -> None:
    found = profiles(facts, as_of=date(2025, 12, 31), months=12).set_index("customer_id")
    assert found.loc["a", "source"] == "抖音"
    assert pd.isna(found.loc["b", "source"])


def test_it_names_the_window_in_which_nobody_bought(facts: Facts) -> None:
    with pytest.raises(DataError, match=r"no purchase from 2019-02-01 to 2019-02-28; choose another day"):
        profiles(facts, as_of=date(2019, 2, 28), months=1)
