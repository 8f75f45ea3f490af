"""Follow-ups, greetings and recommendations: lists that the day's duties made, worked off in part, as people do."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketbook.customer import cards, consents
from marketbook.customer.care import follow_ups, greetings, lists, recommending
from marketbook.customer.care.tables import CareOccasion, Recommendation
from marketbook.demo.year import days
from marketbook.demo.year.play import Event, Stage
from marketbook.kit.facts import Facts
from marketbook.kit.forms.rows import Order
from marketbook.office.activity import Activity

AGENTS = ("sales", "service")
LISTS = ((0, 4, 10), (0, 9, 8), (1, 2, 11))
"""Years after the year, months and days on which lists are made and worked off; the last before the Spring Festival."""

AGO = 33
"""So many days ago this was done lately: who is contacted every thirty days is due by now."""

WAVES = ((6, 2), (7, 7), (8, 11), (9, 15))
"""The weeks of the year in which something was recommended."""

ALLOWED = (("care", 5), ("personal", 4), ("survey", 2))
"""Purposes, and every how-manyth customer does not allow it (of surveys: does)."""

RESULTS = (
    "已致电，客户对近期到货满意，下月补货再联系。", "客户询问礼盒定制，已发目录。", "电话沟通，暂无新需求。",
    "反馈配送变快了，表示感谢。", "客户询问会员价，已说明规则。",
)  # fmt: skip
SAID = (("accepted", "月底下单"), ("thinking", "和家人商量"), ("declined", "家里还有"), ("thinking", ""))


def baskets(facts: Facts, *, year: int) -> Mapping[str, set[str]]:
    """Return what the shop's customers bought until the year's first recommendations."""
    return recommending.baskets(facts, until=date(year, *WAVES[0]))


def events(stage: Stage, bought: Mapping[str, set[str]], *, year: int, today: date) -> Iterator[Event]:
    """Return what happens: what customers allow, lists made and worked off, recommendations made and answered.

    Args:
        stage: Where it is played.
        bought: What the shop's customers bought.
        year: The year that is whole.
        today: The day on which things are going on.
    """
    yield days.moment(date(year, 3, 10), 90), lambda: _allowed(stage)
    past = [*(date(year + after, month, day) for after, month, day in LISTS), today - timedelta(AGO)]
    for turn, day in enumerate(sorted(days.working(one) for one in past)):
        if day < today:
            yield from _worked(stage, day, turn)
    for turn, monday in enumerate(date(year, month, number) for month, number in WAVES):
        yield from _recommended(stage, bought, monday, turn)
    yield days.moment(days.working(date(year, 9, 8)), 30), lambda: _withdrawn(stage)
    yield days.moment(today, -30), lambda: _listed(stage, today)


def _worked(stage: Stage, day: date, turn: int) -> Iterator[Event]:
    yield days.moment(day, 5), lambda: _listed(stage, day)
    for place, name in enumerate(AGENTS):
        yield days.moment(day, 60 + 20 * place), _doing(stage, name, turn)


def _doing(stage: Stage, name: str, turn: int) -> Callable[[], None]:
    return lambda: _work_off(stage, name, turn)


def _allowed(stage: Stage) -> None:
    actor = stage.parties["service"]
    for place, number in enumerate(stage.customers):
        for purpose, every in ALLOWED:
            if (place % every == 0) == (purpose == "survey"):
                one = cards.named(stage.session, number)
                consents.record(stage.session, one, purpose=purpose, given=True, method="form", actor=actor)


def _listed(stage: Stage, day: date) -> None:
    follow_ups.refresh(stage.session, day)
    greetings.refresh(stage.session, day)


def _work_off(stage: Stage, name: str, turn: int) -> None:
    """Do what is due on somebody's list, and send what is to be sent in the days ahead; every ninth is left over."""
    actor = stage.parties[name]
    due = lists.first(stage.session, actor, size=lists.MOST)
    ahead = lists.coming(actor).page(stage.session, Order(), size=lists.MOST).rows
    greeted = set(stage.session.scalars(select(CareOccasion.activity_id)))
    rows = [*due, *(row for row in ahead if row["id"] in greeted)]
    for place, row in enumerate(rows):
        one = stage.session.get_one(Activity, row["id"])
        if (place + turn) % 9 == 8:
            continue
        if one.kind == "care":
            greetings.send(stage.session, one, result="已发微信问候", actor=actor, version=one.version)
        elif one.kind in ("call", "visit"):
            result = RESULTS[(place + turn) % len(RESULTS)]
            follow_ups.finish(stage.session, one, result=result, actor=actor, version=one.version)


def _withdrawn(stage: Stage) -> None:
    """A customer whom somebody is about to greet does not want it any more: the greeting is cancelled."""
    query = select(CareOccasion).where(CareOccasion.sent_at.is_(None)).order_by(CareOccasion.id.desc())
    found = stage.session.scalars(query.limit(1)).first()
    if found is not None:
        one, actor = cards.named(stage.session, found.customer_id), stage.parties["service"]
        consents.record(stage.session, one, purpose=found.purpose, given=False, method="phone", actor=actor)


def _recommended(stage: Stage, bought: Mapping[str, set[str]], day: date, turn: int) -> Iterator[Event]:
    yield days.moment(day, 10), lambda: _make(stage.session, bought, day)
    yield days.moment(day + timedelta(2), 120), lambda: _answered(stage, day, turn)


def _make(session: Session, bought: Mapping[str, set[str]], day: date) -> None:
    known = recommending.candidates(session, day)
    if known and bought:
        recommending.make(session, known, bought, on=day)


def _answered(stage: Stage, day: date, turn: int) -> None:
    query = select(Recommendation).where(Recommendation.made_on == day, Recommendation.activity_id.is_not(None))
    for place, made in enumerate(stage.session.scalars(query.order_by(Recommendation.id)).all()):
        one = stage.session.get_one(Activity, made.activity_id)
        response, note = SAID[(place + turn) % len(SAID)]
        about = {"actor": one.owner_id, "version": one.version}
        recommending.answer(stage.session, one, response=response, note=note, **about)
