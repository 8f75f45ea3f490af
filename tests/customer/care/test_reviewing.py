"""The review of customers on both engines: counted by hand on cards, clocks, greetings and recommendations."""

import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.customer.care.list import agent, done, graded, greeted, listed, occasions, put, sent
from tests.customer.shop import Shop, entered, mobile, said, shop

from marketbook.customer.care import review_contacts, review_offers, review_quality, reviewing
from marketbook.customer.care.reviewing import Customers
from marketbook.kit.facts import Facts
from marketbook.kit.records import roles

__all__ = ["shop"]

TODAY = roles.today()


@pytest.fixture(scope="module")
def read(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Customers:
    """Four customers of two owners: one contacted, one overdue, one greeted, one whose consent was withdrawn."""
    first, second = agent(shop, "first"), agent(shop, "second")
    about = {"birthday": f"{TODAY:%m-%d}", "met_on": TODAY - timedelta(100), "needs": "礼盒"}
    whole, bare = (
        entered(shop, "甲", mobile(), by=first, **about),
        entered(shop, "乙", by=first, met_on=about["met_on"]),
    )
    greet, gone = (entered(shop, name, mobile(), by=second, **about) for name in ("丙", "丁"))
    for number in (whole, bare, greet, gone):
        graded(shop, number, "A" if number in (whole, bare) else "C")
    for number in (greet, gone):
        said(shop, number, given=True)
    put(shop, TODAY)
    one = listed(shop, whole)
    assert one is not None
    done(shop, one, by=first)
    greeted(shop, TODAY)
    sent(shop, occasions(shop, greet)[0].activity_id, by=second)
    said(shop, gone, given=False)
    greeted(shop, TODAY)
    return reviewing.read(shop.store, Facts(tmp_path_factory.mktemp("none")))


def test_data_are_as_good_as_counted_by_hand(read: Customers) -> None:
    found = review_quality.data_quality(read).rows.set_index("owner")
    assert list(found["count_customers"]) == [2, 2, 4]
    assert found["complete_share"].tolist() == pytest.approx([(3 / 5 + 0) / 2, 4 / 5, (3 / 5 + 0 + 4 / 5 * 2) / 4])
    assert found.loc["", "valid_share"] == 1
    assert found["stale_share"].tolist() == [0, 0, 0]
    missing = review_quality.missing_data(read).rows.set_index("group")["count_missing"]
    assert missing.to_dict() == {"preferences": 4, "consent": 2, "contact": 1, "needs": 1, "birthday": 1}


def test_contacts_are_covered_as_counted_by_hand(read: Customers) -> None:
    found = review_contacts.coverage(read).rows.set_index("grade")
    assert found.loc["A", ["n", "count_overdue", "count_listed"]].tolist() == [2, 1, 1]
    assert found.loc["C", ["n", "count_overdue"]].tolist() == [2, 0]
    assert found.loc["", "covered_share"] == 0.75


def test_greetings_are_told_by_occasion(read: Customers) -> None:
    (found,) = review_contacts.care_review(read).rows.to_dict("records")
    assert (found["occasion"], found["count_care"], found["count_sent"], found["count_cancelled"]) == (
        "birthday",
        2,
        1,
        1,
    )
    assert (found["count_open"], found["punctual_share"]) == (0, 1.0)


def test_nothing_of_a_customer_but_the_number_is_read(read: Customers) -> None:
    texts = [frame.to_csv() for frame in (read.cards, read.clocks, read.care, read.offers)]
    told = re.compile(r"甲|乙|礼盒|138[\d*]{4}")  # a moment's microseconds may be 013804, but never seven digits
    assert not [text for text in texts if told.search(text)]
    assert told.search("13800000001")
    assert told.search("138****0001")


def world(read: Customers, offers: list[tuple[int, bool]], orders: list[tuple[int, str, int]]) -> Customers:
    """Customers who were recommended cups on the first of June, and what they bought so many days later."""
    first = date(2026, 6, 1)
    made = pd.DataFrame([
        {"customer_id": n, "shop": f"S{n}", "made_on": first, "category": "cups", "held_out": held,
         "response": None if held or n % 2 else "accepted"}
        for n, held in offers
    ])  # fmt: skip
    bought = [(f"S{n}", what, pd.Timestamp(first) + pd.Timedelta(days=after)) for n, what, after in orders]
    known = [*bought, ("X", "soap", pd.Timestamp("2026-12-31"))]
    frame = pd.DataFrame(known, columns=["customer_id", "category", "day"])
    return Customers(TODAY, first, first, read.cards, read.clocks, read.care, made, frame)


def test_recommending_is_held_against_who_was_held_out(read: Customers) -> None:
    offers = [(n, n >= 100) for n in range(200)]
    orders = [(n, "cups", 5) for n in range(40)] + [(n, "cups", 28) for n in range(100, 120)]
    orders += [(50, "cups", 29), (51, "tea", 3), (52, "cups", 0)]  # too late, something else, the same day
    found = review_offers.offer_effect(world(read, offers, orders))
    assert found.rows["n"].tolist() == [100, 100]
    assert found.rows["bought_share"].tolist() == [0.4, 0.2]
    assert found.rows["count_accepted"].tolist() == [50, 0]
    # of Wilson's intervals .3094 to .4980 and .1334 to .2888, by Newcombe's formula
    assert found.effect == pytest.approx((0.2, 0.0731, 0.3185), abs=1e-4)
    assert "a difference of" in found.text


def test_what_is_not_over_yet_proves_nothing(read: Customers) -> None:
    early = world(read, [(1, False), (2, True)], [(1, "cups", 3)])
    early.orders["day"] = np.minimum(early.orders["day"], pd.Timestamp("2026-06-20"))
    found = review_offers.offer_effect(early)
    assert found.rows["n"].tolist() == [0, 0]
    assert "cannot be told yet" in found.text


def test_who_comes_back_is_counted_by_quarter(read: Customers, tmp_path: Path) -> None:
    days = {
        "A": ["2025-01-10", "2025-03-01"],
        "B": ["2025-02-01"],
        "C": ["2025-03-31", "2025-10-01"],
        "D": ["2025-12-31"],
    }
    lines = [(who, "tea", day, 100) for who, found in days.items() for day in found] + [
        ("B", "tea", "2025-04-01", -100)
    ]
    frame = pd.DataFrame(lines, columns=["customer_id", "category", "ordered_at", "amount_minor"])
    frame.assign(ordered_at=pd.to_datetime(frame["ordered_at"])).to_parquet(tmp_path / "transactions.parquet")
    orders = reviewing._orders(Facts(tmp_path))
    made = Customers(TODAY, TODAY, TODAY, read.cards, read.clocks, read.care, read.offers, orders)
    found = review_offers.retention(made).rows
    assert found["quarter_on"].dt.date.tolist() == [date(2025, 1, 1)]
    assert found[["n", "again_share"]].iloc[0].tolist() == pytest.approx([3, 1 / 3])


def test_without_customers_and_purchases_it_says_so(read: Customers) -> None:
    none = Customers(
        TODAY, TODAY, TODAY, read.cards[:0], read.clocks[:0], read.care[:0], read.offers[:0], read.orders[:0]
    )
    found = [
        review_quality.data_quality(none), review_quality.missing_data(none), review_contacts.coverage(none),
        review_contacts.care_review(none), review_offers.offer_effect(none), review_offers.retention(none),
    ]  # fmt: skip
    texts = ("There is no", "Nothing is", "Nobody is", "Nobody was", "Nothing was", "There are no")
    for one, text in zip(found, texts, strict=True):
        assert one.text.startswith(text)
        assert one._repr_mimebundle_()
