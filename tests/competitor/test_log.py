"""The log as a report reads it: what stands in it up to a day, our list prices of each quarter, and nothing at all."""

from datetime import date

import pytest
from tests.competitor.watch import Watch, ago, corrected, noted, read, withdrawn

from marketbook.competitor import log, moved, page
from marketbook.competitor.params import OWN_PRICES
from marketbook.kit.errors import DataError
from marketbook.kit.records import advance, roles, rules
from marketbook.kit.store import at, now
from marketbook.office.later import moment


def test_an_empty_log_is_told(watch: Watch) -> None:
    with pytest.raises(DataError, match="has no entry up to"):
        log.read_log(watch.store, as_of=date(2020, 1, 1))
    week = log.read_week(watch.store, as_of=date(2020, 1, 1))
    assert moved.prices(week).text == "No price that is watched has moved since 30 Dec 2019."
    with watch.store.reading() as session:
        assert "Nothing that is noted has moved." in page.moved(session)


def test_only_what_stands_and_was_seen_by_then_is_read(watch: Watch) -> None:
    kept = noted(watch, product="桌布", seen_on=ago(8), price_minor=9_000, size=3)
    wrong = noted(watch, product="桌布", seen_on=ago(7), price_minor=8_000)
    withdrawn(watch, wrong)
    former = noted(watch, product="桌旗", seen_on=ago(7), price_minor=7_000)
    right = corrected(watch, former, price_minor=7_100)
    noted(watch, product="桌布", seen_on=ago(1), price_minor=2_000)
    found = log.read_log(watch.store, as_of=ago(2)).looks
    assert found["per_unit"].tolist() == [3_000, 7_100]
    assert found["entry"].tolist() == [read(watch, number).number for number in (kept, right)]


def test_what_moved_since_monday_is_told_above_the_log(watch: Watch) -> None:
    before = log.beginning(roles.today(), "week")
    with at(moment(before)):
        noted(watch, product="碗", seen_on=ago(9), price_minor=4_000)
    noted(watch, product="碗", price_minor=3_000)
    with watch.store.reading() as session:
        told = page.moved(session)
    assert "云栖家居 · 碗" in told
    assert "-25.0%" in told
    assert "1 price moved, 1 of them down." in told or "2 prices moved" in told


def test_our_list_prices_are_those_of_each_quarters_end(watch: Watch) -> None:
    today = roles.today()
    for days, price in ((0, 10_000), (200, 12_000)):
        with watch.store.writing() as session, at(now() if not days else moment(today)):
            valid = date(today.year + 1, 1, 1) if not days else date(today.year + 1, 7, 1)
            made = rules.propose_parameter(
                session, name=OWN_PRICES.name, value={"碗": price}, valid_from=valid, source="标价",
                actor=watch.people["admin"],
            )  # fmt: skip
            advance(session, made, "approved", actor=watch.people["director"], version=made.version)
    with watch.store.reading() as session:
        found = log.of(session, as_of=date(today.year + 1, 9, 1), since=today, quarters=4)
    year = today.year + 1
    assert {quarter: found.own.get(("碗", quarter)) for quarter in found.quarters} == {
        f"{year - 1}Q4": None, f"{year}Q1": 10_000, f"{year}Q2": 10_000, f"{year}Q3": 12_000,
    }  # fmt: skip
