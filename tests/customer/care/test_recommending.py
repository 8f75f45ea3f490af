"""Recommendations on both engines: with a reason, some held out, never without consent, once in four weeks."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import select
from tests.customer.care.list import activity, agent, days, trace
from tests.customer.shop import Shop, entered, said, shop

from marketbook.customer.care import next_product, recommending
from marketbook.customer.care.next_product import Advice
from marketbook.customer.care.tables import Recommendation
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.facts import Facts
from marketbook.kit.records import external, roles
from marketbook.office.activity import Activity

__all__ = ["shop"]

TODAY = roles.today()
BOUGHT = {**{f"B{n}": {"tea", "cups"} for n in range(60)}, **{f"T{n}": {"tea"} for n in range(40)},
          **{f"S{n}": {"soap"} for n in range(100)}}  # fmt: skip


def customers(shop: Shop, who: str, count: int, *, start: str = "T", given: bool = True) -> dict[int, str]:
    """Enter customers whom the shop knows, and who allow personal recommendations."""
    found = {}
    for place in range(count):
        number = entered(shop, f"{who}{place}", by=who)
        with shop.store.writing() as session:
            external.link(session, system="shop", id=f"{start}{who}{place}", party_id=number)
        said(shop, number, given=given, purpose="personal")
        found[number] = f"{start}{place}"
    return found


def made(shop: Shop, known: dict[int, str], *, on: date = TODAY) -> list[Recommendation]:
    with shop.store.writing() as session:
        recommending.make(session, known, BOUGHT, on=on)
    with shop.store.reading() as session:
        query = select(Recommendation).where(Recommendation.customer_id.in_(known)).order_by(Recommendation.customer_id)
        return list(session.scalars(query))


def answered(shop: Shop, one: Recommendation, who: str, response: str = "accepted") -> str:
    with shop.store.writing() as session:
        found = session.get_one(Activity, one.activity_id)
        return recommending.answer(
            session, found, response=response, note="下周来拿", actor=shop.people[who], version=found.version
        )


def test_it_is_counted_as_by_hand() -> None:
    counted = next_product.count(BOUGHT.values())
    assert (counted.customers, counted.buyers["tea"], counted.both["tea", "cups"]) == (200, 100, 60)
    assert next_product.advise(counted, {"tea"}) == Advice("cups", "tea", 100, 6_000, 3_000)
    assert next_product.advise(counted, {"cups"}) == Advice("tea", "cups", 60, 10_000, 5_000)


@pytest.mark.parametrize("own", [set(), {"soap"}, {"tea", "cups"}, {"unknown"}])
def test_nothing_is_recommended_where_nothing_is_bought_more_often_for_it(own: set[str]) -> None:
    assert next_product.advise(next_product.count(BOUGHT.values()), own) is None


def test_a_recommendation_rests_on_enough_customers() -> None:
    counted = next_product.count([{"tea", "cups"}] * 49)
    assert next_product.advise(counted, {"tea"}) is None
    assert next_product.advise(next_product.count([{"tea", "cups"}] * 50 + [{"soap"}]), {"tea"}) is not None


def test_some_are_held_out_and_the_others_are_on_a_list_with_the_reason(shop: Shop) -> None:
    who = agent(shop, "held")
    found = made(shop, customers(shop, who, 10))
    wave = recommending.named(TODAY)
    assert [one.held_out for one in found] == [recommending.is_held_out(wave, one.customer_id, 20) for one in found]
    for one in found:
        assert (one.because, one.category, one.buyers, one.share_bp) == ("tea", "cups", 100, 6_000)
        assert (one.activity_id is None) == one.held_out
    told = next(one for one in found if one.activity_id is not None)
    assert activity(shop, told.activity_id or 0).owner_id == shop.people[who]


def test_a_list_holds_those_whom_it_fits_best(shop: Shop) -> None:
    who = agent(shop, "best")
    fits, less = customers(shop, who, 3, start="T"), customers(shop, agent(shop, "other"), 1, start="S")
    many = dict.fromkeys(customers(shop, who, 1, start="X"), "B1")
    assert len(made(shop, {**fits, **less, **many})) == 3


def test_what_was_answered_is_done_and_stays_so(shop: Shop) -> None:
    who = agent(shop, "answer")
    one = next(one for one in made(shop, customers(shop, who, 8)) if not one.held_out)
    assert answered(shop, one, who) == ""
    with shop.store.reading() as session:
        found = session.get_one(Recommendation, one.id)
        assert (found.response, found.answered_on) == ("accepted", TODAY)
    assert activity(shop, one.activity_id or 0).outcome == "wants it: 下周来拿"
    before = trace(shop)
    with pytest.raises(AccessError, match="is not yours"):
        answered(shop, one, who, "declined")
    with pytest.raises(AccessError, match="is not yours"):
        answered(shop, one, "service")
    assert trace(shop) == before


def test_who_opts_out_of_personal_recommendations_is_recommended_nothing(shop: Shop) -> None:
    who = agent(shop, "out")
    known = customers(shop, who, 8)
    one = next(one for one in made(shop, known) if not one.held_out)
    said(shop, one.customer_id, given=False, purpose="personal")
    assert "withdrew “Personal recommendations”" in answered(shop, one, who)
    assert activity(shop, one.activity_id or 0).status == "cancelled"
    with shop.store.reading() as session:
        assert session.get_one(Recommendation, one.id).response is None


def test_only_who_allows_it_and_was_not_asked_lately_is_a_candidate(shop: Shop) -> None:
    who = agent(shop, "lately")
    yes, no = customers(shop, who, 2), customers(shop, who, 2, start="N", given=False)
    with shop.store.reading() as session:
        found = recommending.candidates(session, TODAY)
        assert (set(yes) <= set(found), set(no) & set(found)) == (True, set())
    made(shop, yes)
    with shop.store.reading() as session:
        for later, there in ((27, set()), (28, set(yes))):
            assert set(yes) & set(recommending.candidates(session, TODAY + days(later))) == there


def test_an_unknown_response_is_refused(shop: Shop) -> None:
    who = agent(shop, "unknown")
    one = next(one for one in made(shop, customers(shop, who, 8)) if not one.held_out)
    with pytest.raises(RecordError, match="'maybe' is no response; allowed are accepted"):
        answered(shop, one, who, "maybe")


def test_purchases_are_those_of_the_year_up_to_the_last_day_that_is_known(tmp_path: Path) -> None:
    rows = [("A", "tea", 10, 100), ("A", "cups", 400, 100), ("B", "tea", 5, -100), ("B", "soap", 5, 50)]
    frame = pd.DataFrame(
        {
            "customer_id": [one[0] for one in rows], "category": [one[1] for one in rows],
            "ordered_at": [pd.Timestamp("2026-06-30") - pd.Timedelta(days=one[2]) for one in rows],
            "amount_minor": [one[3] for one in rows],
        }
    )  # fmt: skip
    frame.to_parquet(tmp_path / "transactions.parquet")
    assert recommending.baskets(Facts(tmp_path), until=date(2026, 12, 31)) == {"A": {"tea"}, "B": {"soap"}}
