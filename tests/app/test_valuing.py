"""What follows a published segmentation: the cards say what the report found, and nothing is lost where it cannot."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from tests.customer.shop import Shop, entered, shop

from marketbook.app import valuing
from marketbook.customer.card import Customer
from marketbook.kit import config
from marketbook.kit.records import Party, external

__all__ = ["shop"]

ASKED = {"as_of": "2026-06-30", "months": 12}


@pytest.fixture
def sold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A hundred customers of the shop, of whom the first buys most and lately; a refund takes from what he brought."""
    lines = [(f"C{n}", "2026-06-20" if n < 50 else "2025-08-01", 100 * (101 - n)) for n in range(1, 101)]
    lines += [("C1", "2026-06-21", 500_000), ("C1", "2026-06-22", -1_000), ("C2", "2025-06-30", 900_000)]
    frame = pd.DataFrame(lines, columns=["customer_id", "ordered_at", "amount_minor"])
    frame = frame.assign(
        ordered_at=pd.to_datetime(frame["ordered_at"]), transaction_id=[f"T{n}" for n in range(len(frame))],
        category="茶", channel="天猫", quantity=1,
    )  # fmt: skip
    frame.to_parquet(tmp_path / "transactions.parquet")
    who = pd.DataFrame({"customer_id": sorted(set(frame["customer_id"])), "joined_on": [date(2024, 1, 1)] * 100})
    who.assign(province="浙江", city_tier="一线", gender="女", age_band="25-34", source="抖音").to_parquet(
        tmp_path / "customers.parquet"
    )
    monkeypatch.setenv("MARKETBOOK_FACTS_PATH", str(tmp_path))
    config.settings.cache_clear()
    yield tmp_path
    config.settings.cache_clear()


def card(shop: Shop, number: int) -> tuple[int | None, str | None, date | None, str | None]:
    with shop.store.reading() as session:
        one = session.get_one(Customer, number)
        return one.value_minor, one.grade, one.valued_on, session.get_one(Party, number).segment


def linked(shop: Shop, known_as: str) -> int:
    number = entered(shop, f"客户{known_as}")
    with shop.store.writing() as session:
        external.link(session, system="shop", id=known_as, party_id=number)
    return number


def test_the_cards_say_what_the_report_found(shop: Shop, sold: Path) -> None:
    first, second, none = linked(shop, "C1"), linked(shop, "C2"), entered(shop, "无")
    assert valuing.follow(shop.store, valuing.NOTEBOOK, ASKED) == {"A": 1, "B": 0, "C": 1}
    day = date(2026, 6, 30)
    assert card(shop, first)[:3] == (10_000 + 500_000 - 1_000, "A", day)
    assert card(shop, second)[:3] == (9_900, "C", day)  # what was bought on the last day before the year is none of it
    assert card(shop, none)[:3] == (None, None, None)
    assert card(shop, first)[3] is not None
    before = card(shop, first)
    (sold / "transactions.parquet").unlink()
    assert valuing.follow(shop.store, valuing.NOTEBOOK, ASKED) == {}
    assert card(shop, first) == before


@pytest.mark.usefixtures("sold")
def test_no_other_report_changes_a_card(shop: Shop) -> None:
    made = linked(shop, "C3")
    assert valuing.follow(shop.store, "survey/analyse-survey", ASKED) == {}
    assert card(shop, made) == (None, None, None, None)
