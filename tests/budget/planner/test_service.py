"""A plan becomes a scenario, a recommendation and transfers: all at once, or nothing; on both engines."""

from datetime import timedelta

import pandas as pd
import pytest
from sqlalchemy import func, select
from tests.office import company
from tests.office.company import House

from marketbook.budget.planner import lines as asked
from marketbook.budget.planner import proposal_words, service
from marketbook.budget.planner.lines import Proposal
from marketbook.budget.planner.planner import Planner, Wish
from marketbook.budget.planner.service import Wanted
from marketbook.budget.response.model import ResponseModel
from marketbook.kit.errors import AccessError, RecordError
from marketbook.kit.forms.rows import Order
from marketbook.kit.records import line, roles
from marketbook.office import decision, metric
from marketbook.office.budget_line import BudgetLine
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
def shifted(planner: Planner, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """A planner whose first month is the one before this."""
    spread, first = planner.spread.copy(), pd.Period(TODAY, "M") - 1
    spread.index = [str(month) for month in pd.period_range(first, periods=len(spread), freq="M")]
    monkeypatch.setitem(planner.__dict__, "spread", spread)
    days = pd.date_range(first.start_time, periods=len(planner.pattern), freq="7D")
    monkeypatch.setitem(planner.__dict__, "pattern", planner.pattern.set_axis(days))
    return planner


@pytest.fixture
def number(house: House, shifted: Planner, lines: list[int]) -> int:
    """A kept plan of the month before this one, this month and those that follow."""
    assert lines
    with house.store.writing() as session:
        return service.keep(session, "加码搜索", shifted, shifted.plan(Wish()), actor=house.people.sales).id


@pytest.fixture
def raised(house: House, shifted: Planner, lines: list[int]) -> int:
    """The same, of an odd total above today's."""
    assert lines
    with house.store.writing() as session:
        found = shifted.plan(Wish(113.37))
        return service.keep(session, "加码", shifted, found, actor=house.people.sales).id


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
        found = asked.proposal(session, number)
    assert found.moves
    assert all(move.giver and move.taker and move.month >= MONTHS[0] for move in found.moves)
    assert len(found.gone) == 1
    assert found.without == []
    assert counts(house) == before


def test_it_is_recommended_with_its_effect_and_its_transfers(house: House, number: int) -> None:
    with house.store.writing() as session:
        shown = asked.proposal(session, number)
        made, transfers = service.recommend(session, shown, wanted(house), actor=house.people.sales)
        assert (made.status, made.scenario_id, made.level_bp) == ("open", number, 9_000)
        assert made.low <= made.predicted == shown.plan.effect.gain <= made.high
        assert "搜索: CN¥" in made.recommendation
        assert [(one.amount_minor, one.from_line_id, one.to_line_id, one.status) for one in transfers] == [
            (move.amount, *move.ends, "draft") for move in shown.moves
        ]
        assert {one.owner_id for one in transfers} == {house.people.sales}
        assert all(one.purpose.startswith(f"{made.number}: ") for one in transfers)


def test_its_transfers_are_handed_in_once_it_was_accepted(house: House, number: int) -> None:
    sales = house.people.sales
    with house.store.writing() as session:
        shown = asked.proposal(session, number)
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
        shown = asked.proposal(session, number)
        service.recommend(session, shown, wanted(house, transfers=False), actor=house.people.sales)
    assert counts(house) == (before[0] + 1, before[1])


def test_a_budget_that_changed_meanwhile_is_shown_anew_and_nothing_is_left_of_it(house: House, number: int) -> None:
    with house.store.reading() as session:
        shown = asked.proposal(session, number)
    giver = shown.moves[0].giver
    assert giver is not None
    company.submitted(house, giver.id, giver.available)
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
        shown = asked.proposal(session, number)
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


def after(house: House, found: Proposal) -> int:
    """What the channels' lines would have after all changes, in fen."""
    months = [month for month in found.plan.months.index if month >= MONTHS[0]]
    with house.store.reading() as session:
        query = select(func.sum(BudgetLine.allocated)).where(BudgetLine.month.in_(months), BudgetLine.item != "海报")
        return int(session.scalar(query) or 0) + found.raised - found.cut


def test_where_the_total_is_not_todays_the_lines_come_to_have_it_to_the_fen(house: House, raised: int) -> None:
    with house.store.reading() as session:
        found = asked.proposal(session, raised)
        kept_sum = asked.proposal(session, raised, exact=False)
    assert found.exact
    assert found.raised or found.cut
    placed = found.plan.total - found.over - sum(found.missing.values())
    assert after(house, found) == placed + found.outside + sum(one.amount for one in found.held)
    assert (kept_sum.exact, kept_sum.raised, kept_sum.cut) == (False, 0, 0)
    told = str(proposal_words.summary(found, None))
    assert "Each line comes to have what the plan spends there" in told
    assert "of the plan fall into months that are over" in told


def test_increases_and_cuts_are_entered_with_the_recommendation_in_one(house: House, raised: int) -> None:
    with house.store.writing() as session:
        shown = asked.proposal(session, raised)
        made, entered = service.recommend(session, shown, wanted(house), actor=house.people.sales)
        assert [(one.amount_minor, one.from_line_id, one.to_line_id) for one in entered] == [
            (move.amount, *move.ends) for move in shown.moves
        ]
        assert made.amount_minor == max(shown.raised - shown.cut, 0)
        assert "The budget's lines are raised by CN¥" in made.recommendation
        decision.accept(session, made, actor=house.people.manager, version=made.version)
        assert service.hand_in(session, raised, actor=house.people.sales) == len(entered)
        session.rollback()


def test_what_a_line_has_promised_is_not_cut_and_that_is_told(house: House, raised: int, lines: list[int]) -> None:
    number = company.submitted(house, lines[0], 40_000_000)
    with house.store.reading() as session:
        found = asked.proposal(session, raised)
    held = [one for one in found.held if one.line.id == lines[0]]
    assert [one.amount > 0 for one in held] == [True]
    assert "more than planned are promised or spent" in str(proposal_words.summary(found, None))
    company.walk(house, number, ("withdrawn", house.people.sales))


def test_where_nobody_can_decide_on_the_budget_it_is_refused_without_a_trace(
    house: House, raised: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts(house)
    with house.store.reading() as session:
        shown = asked.proposal(session, raised)
        assert service.deciders(session, shown, actor=house.people.sales).names
    monkeypatch.setattr(line, "seats", lambda *_of: [])
    with pytest.raises(RecordError, match="Nobody can decide on changes"), house.store.writing() as session:
        service.recommend(session, shown, wanted(house), actor=house.people.sales)
    assert counts(house) == before
