"""A complaint from its intake to its end: due times, pauses, causes that come up again, notices, and what is told."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from tests.customer.complaint.desk import (
    Desk,
    act,
    answer,
    ask,
    brought,
    close,
    entered,
    found,
    read,
    reopen,
    solve,
    take,
)

from marketbook.app.notices import TITLES
from marketbook.customer.complaint import brief, rules, ticker
from marketbook.customer.complaint import service as complaints
from marketbook.customer.complaint.params import ComplaintEntry, ResolutionEntry
from marketbook.customer.complaint.tables import ComplaintClock, ComplaintWarning
from marketbook.kit.language import speaking
from marketbook.kit.records import Notification, calendar, documents, reading
from marketbook.kit.records.tables import NOTICES
from marketbook.kit.store import at as moment_is

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """A moment of 2026 in Shanghai: `03-02 09:00`."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)


def due(desk: Desk, number: int) -> datetime | None:
    with desk.store.reading() as session:
        hands = session.get(ComplaintClock, number)
        return None if hands is None else hands.due_at


def warnings(desk: Desk, number: int) -> list[tuple[str, str]]:
    with desk.store.reading() as session:
        query = select(ComplaintWarning.goal, ComplaintWarning.level).where(ComplaintWarning.complaint_id == number)
        return [(goal, level) for goal, level in session.execute(query)]


def told(desk: Desk, number: int, kind: str) -> set[int]:
    with desk.store.reading() as session:
        mine = (Notification.record_id == number) & (Notification.kind == kind)
        return set(session.scalars(select(Notification.recipient_id).where(mine)))


def test_it_goes_from_its_intake_to_its_end(desk: Desk) -> None:
    with moment_is(at("03-02 09:00")):
        number = entered(desk, severity="high")
        assert due(desk, number) == at("03-02 11:00")
        take(desk, number, "chen")
    with moment_is(at("03-02 10:00")):
        answer(desk, number)
        assert due(desk, number) == at("03-03 09:30")  # 8 working hours
        ask(desk, number)
        assert due(desk, number) is None
    with moment_is(at("03-02 15:00")):
        take(desk, number, "chen")
        assert due(desk, number) == at("03-03 14:30")  # 3.5 hours later: lunch was none of the time
        solve(desk, number)
        act(desk, number)
        close(desk, number, satisfaction=4)
    made = read(desk, number)
    assert (made.status, made.owner_id, made.handler_id) == ("closed", desk.people["lin"], desk.people["chen"])
    assert (made.responded_at, made.resolved_at) == (at("03-02 10:00"), at("03-02 15:00"))
    assert (made.respond_by, made.resolve_by) == (at("03-02 11:00"), at("03-03 09:30"))


def test_what_is_opened_again_goes_on_where_its_clock_stopped(desk: Desk) -> None:
    with moment_is(at("03-02 09:00")):
        number = brought(desk, "in_progress")
    with moment_is(at("03-02 11:00")):
        solve(desk, number)
    with moment_is(at("03-06 09:00")):
        reopen(desk, number)
        assert read(desk, number).resolved_at is None
        assert due(desk, number) == at("03-10 17:30")  # 22 of 24 hours are left: 7.5, 7.5, and 7 on Tuesday
    with desk.store.reading() as session:
        assert documents.history(session, record_id=number)[-1].reason == "补寄的又破了"


def test_asking_the_customer_is_an_answer(desk: Desk) -> None:
    with moment_is(at("03-02 09:00")):
        number = brought(desk, "in_progress")
    with moment_is(at("03-02 09:20")):
        ask(desk, number)
    assert read(desk, number).responded_at == at("03-02 09:20")


def test_another_severity_before_it_is_taken_has_other_due_times(desk: Desk) -> None:
    with moment_is(at("03-02 09:00")):
        number = entered(desk, severity="low")
    with moment_is(at("03-02 09:10")), desk.store.writing() as session:
        one = found(session, number)
        entry = ComplaintEntry(party_id=desk.customer, content="杯子的裂口割伤了孩子的手", severity="critical")
        complaints.correct(session, one, entry, actor=desk.people["lin"], version=one.version)
    assert read(desk, number).respond_by == at("03-02 09:30")
    assert due(desk, number) == at("03-02 09:30")


def test_a_cause_that_comes_up_again_and_again_needs_an_action_once(desk: Desk) -> None:
    cause = ResolutionEntry(resolution="已退差价", cause="price.difference")
    numbers = [brought(desk, "in_progress") for _ in range(6)]
    for number in numbers:
        solve(desk, number, entry=cause)
    with desk.store.reading() as session:
        said = rules.needs_action(session, found(session, numbers[0]), "price.difference")
        assert said == "“Price: difference” has come up 6 times lately and needs a corrective action."
    act(desk, numbers[3])
    close(desk, numbers[0])
    assert read(desk, numbers[0]).status == "closed"


def test_fewer_with_a_cause_need_none(desk: Desk) -> None:
    number = brought(desk, "in_progress")
    solve(desk, number, entry=ResolutionEntry(resolution="已解释", cause="customer.use"))
    close(desk, number)
    assert read(desk, number).status == "closed"


def test_whom_it_is_passed_on_to_is_told(desk: Desk) -> None:
    number = brought(desk, "in_progress")
    with desk.store.writing() as session:
        one, people = found(session, number), desk.people
        complaints.assign(
            session, one, department="logistics", handler_id=people["chen"], actor=people["lin"], version=one.version
        )
    assert told(desk, number, "assigned") == {desk.people["chen"]}
    assert (read(desk, number).department, read(desk, number).handler_id) == ("logistics", desk.people["chen"])


def test_what_came_due_while_no_server_ran_is_told_when_work_begins(desk: Desk) -> None:
    with moment_is(at("03-02 17:00")):
        number = entered(desk, severity="critical")
    with moment_is(at("03-02 23:59")):
        assert ticker.tick(desk.store) == 0
    with moment_is(at("03-03 12:30")):
        assert ticker.tick(desk.store) == 0
    with moment_is(at("03-03 13:30")):
        assert ticker.tick(desk.store) >= 5
        assert ticker.tick(desk.store) == 0
    assert set(warnings(desk, number)) == {
        *(("respond", level) for level in ("soon", "late", "very_late")),
        *(("resolve", level) for level in ("soon", "late")),  # over at noon, and told after lunch
    }  # fmt: skip


def test_a_warning_of_the_last_minute_of_work_is_given_after_it(desk: Desk) -> None:
    with moment_is(at("03-04 17:35") + timedelta(seconds=50)):
        number = entered(desk, severity="critical")
    with moment_is(at("03-04 18:00") + timedelta(seconds=10)):
        assert ticker.tick(desk.store) == 1
    assert warnings(desk, number) == [("respond", "soon")]


def test_what_was_counted_over_unannounced_days_is_counted_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as unannounced:
        unannounced.setattr(calendar, "is_announced", lambda year: year < 2026)
        with moment_is(at("02-13 17:00")):
            number = entered(desk, severity="high")
        made = read(desk, number)
        assert (made.provisional, made.respond_by) == (True, at("02-16 10:00"))  # a Monday
    with moment_is(at("02-13 17:30")), desk.store.writing() as session:
        assert ticker.recount(session) == 1
        assert ticker.recount(session) == 0
    made = read(desk, number)
    assert (made.provisional, made.respond_by) == (False, at("02-14 10:00"))  # the Saturday that makes up for one
    assert due(desk, number) == at("02-14 10:00")


def test_what_is_told_of_it_says_what_is_late(desk: Desk) -> None:
    with moment_is(at("03-02 09:00")):
        number = entered(desk, severity="critical")
        other = entered(desk)
    with moment_is(at("03-02 14:00")), desk.store.reading() as session, speaking("zh_Hans"):
        told = brief.of(session, found(session, number))
        assert list(told.warnings) == ["首次答复逾期 3 小时（工作时间）。"]
        assert dict(told.rows)["首次答复"] == "应于 2026年3月2日 09:30 前"
        assert found(session, other).number in [row[0] for row in told.tables[1].rows]


def test_its_title_shows_nobody_s_number(desk: Desk) -> None:
    number = entered(
        desk, content="请致电 138-0013-8000 或 wang@example.com：收到的商品是坏的，要求尽快处理并给个说法，谢谢"
    )
    title = read(desk, number).title
    assert title.startswith("请致电 … 或 …")
    assert len(title) <= complaints.TITLE


@pytest.mark.parametrize(
    ("who", "may"),
    [("chen", True), ("sales", True), ("manager", True), ("director", True), ("auditor", True), ("finance", False)],
)
def test_who_may_read_it(desk: Desk, who: str, may: bool) -> None:
    with desk.store.reading() as session:
        one = found(session, entered(desk))
        assert reading.may_read(session, one, party_id=desk.people[who]) is may


def test_every_notice_has_a_title() -> None:
    assert set(TITLES) == set(NOTICES)
