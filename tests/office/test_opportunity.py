"""A sale from its entry to its order, on both engines: next steps, first contact, what is lost, and who sees it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.office.selling import MONEY, Shop, brought, due_steps, entered, finish, found, lose, move, read, step, win

from marketbook.kit.records import Notification, StatusChange, Waiting, advance, documents, reading, roles
from marketbook.kit.store import at
from marketbook.office import opportunity, opportunity_access, opportunity_rules
from marketbook.office.opportunity import Opportunity
from marketbook.office.opportunity_params import SaleEntry


def test_it_goes_from_its_entry_to_its_order(shop: Shop) -> None:
    number = entered(shop)
    finish(shop, number, step(5, kind="visit", title="上门演示"))
    for stage in ("qualified", "proposal"):
        move(shop, number, stage)
    win(shop, number, order_no=" so-2026 88 ", order_minor=3_400_000)
    made = read(shop, number)
    assert (made.status, made.order_no, made.order_minor, made.amount_minor) == ("won", "SO-202688", 3_400_000, MONEY)
    assert made.number.startswith("OP-")
    with shop.store.reading() as session:
        steps = documents.history(session, record_id=number)
    assert [one.to_status for one in steps] == ["qualified", "proposal", "won"]


def test_it_has_a_next_step_from_the_first_minute(shop: Shop) -> None:
    number = entered(shop)
    due = due_steps(shop, number)
    assert [(one.title, one.about_id, one.owner_id) for one in due] == [("致电了解需求", number, shop.people["lin"])]


def test_what_is_done_has_a_next_step_after_it(shop: Shop) -> None:
    number = entered(shop)
    finish(shop, number, step(9, title="寄送样品", kind="task"))
    assert [one.title for one in due_steps(shop, number)] == ["寄送样品"]


def test_a_manager_enters_it_for_one_of_his_people_who_is_told(shop: Shop) -> None:
    number = entered(shop, who="manager", owner_id=shop.people["chen"])
    assert read(shop, number).owner_id == shop.people["chen"]
    assert due_steps(shop, number)[0].owner_id == shop.people["chen"]


@pytest.mark.parametrize(
    ("entered_on", "by"),
    [
        (date(2026, 3, 2), date(2026, 3, 4)),
        (date(2026, 3, 6), date(2026, 3, 10)),  # over a weekend
        (date(2026, 2, 13), date(2026, 2, 24)),  # the Saturday that makes up for one, then the Spring Festival
    ],
)
def test_a_first_contact_is_owed_within_two_working_days(shop: Shop, entered_on: date, by: date) -> None:
    with at(datetime(entered_on.year, entered_on.month, entered_on.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))):
        number = entered(shop)
    assert read(shop, number).contact_by == by


def test_the_first_call_or_visit_is_the_first_contact(shop: Shop) -> None:
    number = entered(shop, next_step=step(title="准备资料", kind="task").model_dump())
    finish(shop, number, step())
    with shop.store.reading() as session:
        assert opportunity.contacted_on(session, found(session, number)) is None
    finish(shop, number, step())
    with shop.store.reading() as session:
        assert opportunity.contacted_on(session, found(session, number)) == roles.today()


def test_who_came_to_us_was_contacted_when_it_was_entered(shop: Shop) -> None:
    number = entered(shop, source="inbound", said="来电询问五百份礼盒的报价")
    with shop.store.reading() as session:
        assert opportunity.contacted_on(session, found(session, number)) == roles.today()
    assert len(due_steps(shop, number)) == 1


def test_what_is_lost_says_why_and_leaves_nothing_to_do(shop: Shop) -> None:
    number = brought(shop, "proposal")
    lose(shop, number, reason="competitor", text="对方报价低一成")
    made = read(shop, number)
    assert (made.status, made.lost_reason, made.order_no) == ("lost", "competitor", None)
    assert due_steps(shop, number) == []
    with shop.store.reading() as session:
        assert documents.history(session, record_id=number)[-1].reason == "Chose a competitor: 对方报价低一成"


def test_what_was_to_be_done_stays_after_an_order_and_more_can_be_entered(shop: Shop) -> None:
    number = brought(shop, "proposal")
    win(shop, number, follow_up=step(7, title="确认到货").model_dump())
    assert [one.title for one in due_steps(shop, number)] == ["致电了解需求", "确认到货"]
    finish(shop, number)
    finish(shop, number)
    assert due_steps(shop, number) == []


def test_a_superior_takes_steps_and_another_does_not(shop: Shop) -> None:
    number = entered(shop)
    move(shop, number, "qualified", who="manager")
    assert read(shop, number).status == "qualified"


def test_what_is_known_of_it_is_written_anew_while_it_is_open(shop: Shop) -> None:
    number = brought(shop, "qualified")
    with shop.store.writing() as session:
        one = found(session, number)
        known = SaleEntry(product="定制礼盒", amount_minor=5_000_000, expected_on=date(2027, 1, 15), needs="印公司标志")
        opportunity.correct(session, one, known, actor=shop.people["lin"], version=one.version)
    assert (read(shop, number).title, read(shop, number).amount_minor) == ("定制礼盒", 5_000_000)


def test_other_chapters_hear_of_its_steps(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def hear(_session: object, record: object, change: StatusChange) -> None:
        assert isinstance(record, Opportunity)
        heard.append(change.to_status)

    monkeypatch.setattr(opportunity_rules, "_after", [hear])
    brought(shop, "won")
    assert heard == ["qualified", "proposal", "won"]


@pytest.mark.parametrize(
    ("who", "may"),
    [("lin", True), ("chen", False), ("stranger", False), ("manager", True), ("director", True), ("auditor", True),
     ("finance", False)],
)  # fmt: skip
def test_only_its_owner_and_those_above_see_it(shop: Shop, who: str, may: bool) -> None:
    number = entered(shop)
    with shop.store.reading() as session:
        one = found(session, number)
        assert reading.may_read(session, one, party_id=shop.people[who]) is may
        seen = opportunity_access.owners(session, party_id=shop.people[who])
        assert (seen is None or one.owner_id in seen) is may


def test_a_colleague_to_whom_a_step_is_given_does_it(shop: Shop) -> None:
    number = entered(shop, next_step=step(owner_id=shop.people["chen"]).model_dump())
    with shop.store.writing() as session:
        due = opportunity.steps(session, found(session, number))[0]
        advance(session, due, "in_progress", actor=shop.people["chen"], version=due.version)
    assert due_steps(shop, number)[0].status == "in_progress"


def test_moments_are_kept_of_every_stage(shop: Shop) -> None:
    start = datetime(2026, 3, 2, 2, tzinfo=UTC)
    with at(start):
        number = entered(shop)
    with at(start + timedelta(days=5)):
        move(shop, number, "qualified")
    with shop.store.reading() as session:
        assert documents.history(session, record_id=number)[0].at == start + timedelta(days=5)


def test_what_goes_on_was_not_sent_back_to_anybody(shop: Shop) -> None:
    number = brought(shop, "proposal")
    with shop.store.reading() as session:
        assert session.scalars(select(Waiting).where(Waiting.record_id == number)).all() == []
        assert session.scalars(select(Notification).where(Notification.record_id == number)).all() == []
