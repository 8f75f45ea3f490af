"""A plan becomes a scenario, a recommendation and transfers: all at once, or nothing; on both engines."""

from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import func, select
from tests.office import company
from tests.office.company import House

from marketbook.budget.planner import service
from marketbook.budget.planner.planner import Planner, Wish
from marketbook.budget.planner.service import Wanted
from marketbook.budget.response.model import ResponseModel
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import roles
from marketbook.office import decision, metric
from marketbook.office.budget_transfer import BudgetTransfer
from marketbook.office.decision import Decision
from marketbook.office.params import MetricEntry

TODAY = roles.today()
MONTHS = [f"{TODAY:%Y-%m}", f"{TODAY + timedelta(days=32):%Y-%m}"]
REVENUE = MetricEntry(
    code="sales.revenue", name="营业收入", unit="money", direction=1, definition="含税", source="财务"
)


@pytest.fixture(scope="module")
def planner(model: ResponseModel) -> Planner:
    return Planner(model)


@pytest.fixture(scope="module")
def lines(house: House) -> list[int]:
    year = [month for month in MONTHS if month.startswith(str(TODAY.year))]
    wanted = [
        {"item": name, "month": month, "original": 50_000_000} for month in year for name in ("电视", "搜索", "社交")
    ]
    with house.store.writing() as session:
        metric.define(session, REVENUE, actor=house.people.manager)
    return company.plan(house, *wanted, {"item": "海报", "month": year[0], "original": 100_000})


@pytest.fixture
def number(house: House, planner: Planner, lines: list[int], monkeypatch: pytest.MonkeyPatch) -> int:
    """A kept plan of the month before this one, this month and those that follow."""
    shifted = planner.spread.copy()
    first = pd.Period(TODAY, "M") - 1
    shifted.index = [str(month) for month in pd.period_range(first, periods=len(shifted), freq="M")]
    monkeypatch.setitem(planner.__dict__, "spread", shifted)
    assert lines
    with house.store.writing() as session:
        return service.keep(session, "加码搜索", planner, planner.plan(Wish()), actor=house.people.sales).id


def wanted(house: House, *, transfers: bool = True) -> Wanted:
    with house.store.reading() as session:
        found = metric.named(session, "sales.revenue").id
    return Wanted("按方案调整投放", found, TODAY + timedelta(days=90), transfers)


def counts(house: House) -> tuple[int, int]:
    with house.store.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(of)) or 0 for of in (Decision, BudgetTransfer))  # type: ignore[return-value]


def test_what_would_be_done_is_told_and_nothing_is_written(house: House, number: int) -> None:
    before = counts(house)
    with house.store.reading() as session:
        found = service.proposal(session, number)
    assert found.moves
    assert all(move.giver.month == move.taker.month >= MONTHS[0] for move in found.moves)
    assert len(found.gone) == 1
    assert found.without == []
    assert counts(house) == before


def test_it_is_recommended_with_its_effect_and_its_transfers(house: House, number: int) -> None:
    with house.store.writing() as session:
        shown = service.proposal(session, number)
        made, transfers = service.recommend(session, shown, wanted(house), actor=house.people.sales)
        assert (made.status, made.scenario_id, made.level_bp) == ("open", number, 9_000)
        assert made.low <= made.predicted == shown.plan.effect.gain <= made.high
        assert "搜索: CN¥" in made.recommendation
        assert [(one.amount_minor, one.from_line_id, one.to_line_id, one.status) for one in transfers] == [
            (move.amount, move.giver.id, move.taker.id, "draft") for move in shown.moves
        ]
        assert {one.owner_id for one in transfers} == {house.people.sales}
        assert all(one.purpose.startswith(f"{made.number}: ") for one in transfers)


def test_its_transfers_are_handed_in_once_it_was_accepted(house: House, number: int) -> None:
    sales = house.people.sales
    with house.store.writing() as session:
        shown = service.proposal(session, number)
        made, transfers = service.recommend(session, shown, wanted(house), actor=sales)
        assert service.hand_in(session, number, actor=sales) == 0
        decision.accept(session, made, actor=house.people.manager, version=made.version)
        assert service.accepted_drafts(session, number, actor=house.people.manager) == []
        assert service.hand_in(session, number, actor=sales) == len(transfers) > 0
        assert {one.status for one in transfers} == {"submitted"}
        session.rollback()


def test_without_transfers_only_the_recommendation_is_entered(house: House, number: int) -> None:
    before = counts(house)
    with house.store.writing() as session:
        shown = service.proposal(session, number)
        service.recommend(session, shown, wanted(house, transfers=False), actor=house.people.sales)
    assert counts(house) == (before[0] + 1, before[1])


def test_a_budget_that_changed_meanwhile_is_shown_anew_and_nothing_is_left_of_it(house: House, number: int) -> None:
    with house.store.reading() as session:
        shown = service.proposal(session, number)
    line = shown.moves[0].giver
    company.submitted(house, line.id, line.available)
    before = counts(house)
    with (
        pytest.raises(RecordError, match="The budget has changed since this was shown"),
        house.store.writing() as session,
    ):
        service.recommend(session, shown, wanted(house), actor=house.people.sales)
    assert counts(house) == before


def test_a_metric_that_is_no_money_and_a_stranger_are_refused_without_a_trace(house: House, number: int) -> None:
    before = counts(house)
    with house.store.reading() as session:
        shown = service.proposal(session, number)
        share = next(one.id for one in metric.everything(session) if one.unit == "share")
    with pytest.raises(RecordError, match="a metric that is measured in money"), house.store.writing() as session:
        service.recommend(session, shown, Wanted("x", share, TODAY, transfers=True), actor=house.people.sales)
    with pytest.raises(AccessError), house.store.writing() as session:
        service.recommend(session, shown, wanted(house), actor=house.vendor)
    assert counts(house) == before


def test_kept_plans_are_listed_the_last_one_first(house: House, number: int) -> None:
    with house.store.reading() as session:
        rows = service.plans().page(session, Order()).rows
        assert rows[0]["id"] == number
        assert rows[0]["name"] == "加码搜索"
