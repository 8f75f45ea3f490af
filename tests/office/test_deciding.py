"""One record on a screen: what is told, which steps there are for whom, and what comes of pressing their buttons."""

from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from tests.office import deciding as tools
from tests.office.company import (
    YEAR,
    House,
    budget,
    category,
    claim,
    plan,
    status,
    step,
    submitted,
    transfer,
    walk,
)
from tests.office.deciding import Visit, buttons, send, told

from marketbook.kit import visitor
from marketbook.kit.forms.told import Told
from marketbook.kit.records import Record, comments, files, notices
from marketbook.office import briefs, deciding
from marketbook.office.briefs import Brief, Table

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def visit(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visit]:
    with tools.visiting(house, monkeypatch) as come:
        yield come


@pytest.fixture
def done() -> list[str]:
    return []


def opened(number: int, done: list[str]) -> Any:
    (shown,) = deciding.widgets(number, done=lambda: done.append("done"))
    return shown


def test_the_story_says_what_it_is_for_whom_it_waits_and_till_when(house: House, visit: Visit) -> None:
    number = submitted(house, budget(house), 123_450)
    visit(house.people.manager)
    text = told(opened(number, []))
    for said in ("Claim", "EX-", "展会费用", "¥1,234.50", "submitted", "manager (Marketing manager)", "Decide by"):
        assert said in text
    assert f'href="/records/{number}/files/' in text
    assert text.index("entered") < text.rindex("submitted")


def test_who_decides_has_three_buttons_and_the_owner_may_withdraw(house: House, visit: Visit) -> None:
    number = submitted(house, budget(house))
    visit(house.people.manager)
    assert buttons(opened(number, [])) == ["Approve", "Send back", "Reject"]
    visit(house.people.sales)
    assert buttons(opened(number, [])) == ["Withdraw"]
    visit(house.people.executive)
    assert buttons(opened(number, [])) == []


def test_a_press_approves_draws_anew_and_says_so(
    house: House, visit: Visit, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = submitted(house, budget(house))
    visit(house.people.manager)
    shown = opened(number, done)
    answer = send(shown, "office/decide", monkeypatch, pressed="", reason="")
    assert "is now approved by the manager." in answer["text"]
    assert (status(house, number), done, buttons(shown)) == ("manager_approved", ["done"], [])
    assert "finance (Finance)" in told(shown)


def test_sending_back_without_a_reason_is_refused_at_the_field(
    house: House, visit: Visit, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = submitted(house, budget(house))
    visit(house.people.manager)
    shown = opened(number, done)
    answer = send(shown, "office/decide", monkeypatch, pressed="draft", reason="  ")
    assert answer["refusals"] == {"reason": "This step needs a reason."}
    assert (status(house, number), done) == ("submitted", [])
    send(shown, "office/decide", monkeypatch, pressed="draft", reason="发票抬头不对")
    assert status(house, number) == "draft"
    assert "发票抬头不对" in told(shown)


def test_a_decision_on_what_has_changed_is_told_and_keeps_the_reason(
    house: House, visit: Visit, done: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = submitted(house, budget(house))
    visit(house.people.manager)
    shown = opened(number, done)
    monkeypatch.setattr(visitor, "_served", None)
    walk(house, number, ("withdrawn", house.people.sales))
    visit(house.people.manager)
    answer = send(shown, "office/decide", monkeypatch, pressed="rejected", reason="no")
    assert "was changed by sales since you opened it: status: submitted → withdrawn" in answer["failed"]
    assert "was changed by sales" in unescape(told(shown))
    assert (status(house, number), buttons(shown), done) == ("withdrawn", [], ["done"])


def test_a_reimbursement_is_reviewed_not_opened(house: House, visit: Visit) -> None:
    number = submitted(house, budget(house))
    walk(house, number, ("manager_approved", house.people.manager))
    visit(house.people.finance)
    assert buttons(opened(number, [])) == ["Confirm the review", "Send back", "Reject"]


def test_what_a_draft_lacks_is_told_instead_of_a_button(house: House, visit: Visit) -> None:
    number = claim(house, budget(house), invoiced=False)
    visit(house.people.sales)
    shown = opened(number, [])
    assert "“Hand in” is not possible yet:" in told(shown)
    assert "These lines have no invoice" in told(shown)
    assert buttons(shown) == ["Withdraw"]


def test_a_transfer_that_was_sent_back_is_handed_in_from_here_for_whoever_decides_now(
    house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    june, july = plan(house, *({"item": "展会", "original": 1_000_000, "month": f"{YEAR}-{m}"} for m in ("06", "07")))
    number, other = (transfer(house, 150_000, june, july) for _each in range(2))
    walk(house, number, ("draft", house.people.manager))
    walk(house, other, ("approved", house.people.manager))
    visit(house.people.sales)
    shown = opened(number, [])
    assert "not possible yet" not in told(shown)
    send(shown, "office/decide", monkeypatch, pressed="", reason="")
    assert (status(house, number), category(house, number)) == ("submitted", "")
    assert "director (Marketing director)" in told(shown)


def test_a_deputy_decides_for_the_one_represented(house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    number = transfer(house, 100, budget(house), None)
    visit(house.deputy)
    shown = opened(number, [])
    send(shown, "office/decide", monkeypatch, pressed="", reason="")
    assert status(house, number) == "approved"
    assert "deputy (Marketing director) for director" in told(shown)


def test_a_comment_is_added_and_mentions(house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    number = submitted(house, budget(house))
    visit(house.people.manager)
    shown = opened(number, [])
    assert "must not be empty" in str(send(shown, "office/comment", monkeypatch, text=" ")["refusals"])
    send(shown, "office/comment", monkeypatch, text="@finance 请先看")
    assert "@finance 请先看" in told(shown)
    assert buttons(shown) == ["Approve", "Send back", "Reject"]
    visit(house.people.finance)
    assert "@finance 请先看" in told(opened(number, []))


def test_opening_a_record_settles_its_notices(house: House, visit: Visit) -> None:
    number = submitted(house, budget(house))
    visit(house.people.manager)
    opened(number, [])
    with house.store.reading() as session:
        (found,) = [
            one for one in notices.listed(session, party_id=house.people.manager) if one.record_id == number
        ]  # fmt: skip
        assert found.seen_at is not None


def test_whom_it_does_not_concern_sees_nothing_of_it(house: House, visit: Visit) -> None:
    number = submitted(house, budget(house), owner=house.people.manager)
    visit(house.people.sales)
    (shown,) = deciding.widgets(number, done=lambda: None)
    assert isinstance(shown, Told)
    assert f"There is no record {number}, or it is not for you to read." in told(shown)
    assert "展会费用" not in told(shown)


def test_script_in_whatever_is_stored_is_text(house: House, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    number = claim(house, budget(house), title=f"t {SCRIPT}")
    people = house.people
    with house.store.writing() as session:
        record = session.get_one(Record, number)
        comments.comment(session, record, f"c {SCRIPT}", actor=people.sales)
        files.attach(
            session, record, b"%PDF-1.7 s", name=f"f {SCRIPT.replace('/', '')}.pdf", kind="other", actor=people.sales
        )
        step(session, record, "submitted", people.sales)
        step(session, record, "draft", people.manager, f"r {SCRIPT}")
    brief = Brief([(f"l {SCRIPT}", f"v {SCRIPT}")], [Table(SCRIPT, [SCRIPT], [[f"x {SCRIPT}"]])], [f"w {SCRIPT}"])
    monkeypatch.setitem(briefs._known, "expense_claim", lambda _session, _record: brief)
    visit(people.manager)
    text = told(opened(number, []))
    assert "<script" not in text
    for place in "tcrlvxw":
        assert f"{place} {SCRIPT}" in unescape(text)


def test_only_what_a_template_has_escaped_is_shown() -> None:
    with pytest.raises(TypeError, match="escaped"):
        Told("<p>plain</p>")  # type: ignore[arg-type]
