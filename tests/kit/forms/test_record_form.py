"""The form in its kernel: drafts, submitting in one transaction, what the browser is told and what it is not."""

import logging
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session
from tests.kit.forms.conftest import Visit
from tests.kit.forms.record import Claim
from tests.kit.forms.test_typed import RIGHT

from marketbook.kit import visitor
from marketbook.kit.errors import RecordError
from marketbook.kit.forms import attachments
from marketbook.kit.forms.fields import Hidden
from marketbook.kit.forms.record_form import Form, Sent
from marketbook.kit.forms.search import Found, Search
from marketbook.kit.language import speaking
from marketbook.kit.records import Party, draft, person, roles
from marketbook.kit.records import account as accounts
from marketbook.kit.store import Store

NAME = "expense/claim"


def enter(session: Session, claim: Claim) -> Sent:
    person.add(session, kind="vendor", name=claim.purpose)
    return Sent("Entered.", shown="secret")


def parties(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Party.name).where(Party.kind == "vendor")))


def put(store: Store, content: dict[str, Any], record: int | None = None) -> None:
    who = visitor.required()
    with store.writing() as session:
        draft.save(session, account_id=who.account_id, form=NAME, content=content, record_id=record)


def drafts(store: Store) -> int:
    with store.reading() as session:
        return len(session.scalars(select(draft.Draft)).all())


def said(form: Form[Any], message: dict[str, Any], piece: bytes = b"") -> dict[str, Any]:
    told: list[dict[str, Any]] = []
    form.send = lambda content, buffers=None: told.append(content)  # type: ignore[method-assign]  # noqa: ARG005
    form._heard(form, {"id": "1", **message}, [memoryview(piece)])
    return told[0]


def submit(form: Form[Any], values: dict[str, Any], attempt: str = "a") -> dict[str, Any]:
    return said(form, {"do": "submit", "attempt": attempt, "values": values})


@pytest.mark.parametrize("record", [None, 7])
def test_it_opens_with_what_was_typed_and_not_sent(store: Store, visit: Visit, record: int | None) -> None:
    visit(store)
    put(store, {"values": {"purpose": "Trip <b>", "total_minor": "many", "gone": "x"}, "at": 5}, record)
    form = Form(Claim, name=NAME, record_id=record, on_submit=enter, initial={"reason": "as it is"})
    assert (form.values["purpose"], form.values["total_minor"], form.values["reason"]) == (
        "Trip <b>", "many", "as it is",
    )  # fmt: skip
    assert "gone" not in form.values
    assert form.described["draft"]["at"] == 5
    assert form.described["initial"]["purpose"] == ""
    other = Form(Claim, name=NAME, record_id=8, on_submit=enter)
    assert other.described["draft"] is None


def test_submitting_writes_and_drops_the_draft_in_one_transaction(store: Store, visit: Visit) -> None:
    visit(store)
    put(store, {"values": RIGHT, "at": 5})
    form = Form(Claim, name=NAME, on_submit=enter)
    assert submit(form, RIGHT).items() >= {"id": "1", "text": "Entered.", "shown": "secret"}.items()
    assert (parties(store), drafts(store)) == (["Trip"], 0)
    assert "secret" not in str(form.get_state())


def test_a_repeated_message_writes_once(visited: Store) -> None:
    form = Form(Claim, name=NAME, on_submit=enter)
    assert submit(form, RIGHT) == submit(form, RIGHT)
    assert len(parties(visited)) == 1
    submit(form, RIGHT, attempt="b")
    assert len(parties(visited)) == 2


def test_what_is_refused_writes_nothing_and_keeps_the_draft(visited: Store) -> None:
    put(visited, {"values": {}, "at": 5})
    form = Form(Claim, name=NAME, on_submit=enter)
    assert submit(form, RIGHT | {"total_minor": "0"})["refusals"] == {"total_minor": "must be greater than 0.00"}
    assert (parties(visited), drafts(visited)) == ([], 1)


def test_an_error_of_ours_is_shown_and_undoes_everything(visited: Store) -> None:
    def late(session: Session, claim: Claim) -> str:
        enter(session, claim)
        raise RecordError("total: is over the budget.")

    put(visited, {"values": {}, "at": 5})
    assert submit(Form(Claim, name=NAME, on_submit=late), RIGHT)["failed"] == "total: is over the budget."
    assert (parties(visited), drafts(visited)) == ([], 1)


def test_any_other_error_is_a_number_in_the_browser_and_a_traceback_in_the_log(
    visited: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_session: Session, _claim: Claim) -> str:
        raise ZeroDivisionError("secret 42")

    with caplog.at_level(logging.ERROR):
        told = submit(Form(Claim, name=NAME, on_submit=broken), RIGHT)
    number = told["failed"].rpartition(" ")[2]
    assert "secret" not in str(told)
    assert len(number) == 8
    assert number in caplog.text
    assert "ZeroDivisionError: secret 42" in caplog.text
    assert drafts(visited) == 0


def test_roles_and_accounts_are_looked_at_when_it_is_submitted(visited: Store) -> None:
    form = Form(Claim, name=NAME, on_submit=enter, roles={"manager"})
    assert "text" in submit(form, RIGHT)
    assert "failed" in submit(Form(Claim, name=NAME, on_submit=enter, roles={"admin"}), RIGHT)
    who = visitor.required()
    with visited.writing() as session:
        roles.end(session, grant_id=roles.grants(session, party_id=who.party_id)[0].id)
    assert submit(form, RIGHT, "b")["failed"] == "You may not do this (any more)."
    with visited.writing() as session:
        accounts.disable(session, login=who.login)
    assert "failed" in submit(Form(Claim, name=NAME, on_submit=enter), RIGHT)
    assert parties(visited) == ["Trip"]


def test_nobody_served_means_no_drafts_and_nothing_submitted(workspace: Path) -> None:
    form = Form(Claim, name=NAME, on_submit=enter)
    assert (form.described["server"], form.described["draft"]) == (None, None)
    assert "marketbook apps" in submit(form, RIGHT)["failed"]
    assert not list(workspace.rglob("*.db"))


def test_values_are_checked_at_the_field_in_the_forms_own_language() -> None:
    with speaking("zh_Hans"):
        form = Form(Claim, name=NAME, on_submit=enter)
    form.values = RIGHT | {"purpose": ""}
    assert form.refusals == {"purpose": "不能为空"}
    form.values = "nonsense" and {"purpose": 3, "lines": {"columns": [[]], "rows": [{}]}}  # type: ignore[assignment]
    assert set(form.refusals) >= {"purpose", "lines"}


def test_a_record_is_shown_as_it_is_after_it_was_changed(visited: Store) -> None:
    with visited.writing() as session:
        number = person.add(session, kind="vendor", name="old").id

    def change(session: Session, claim: Claim) -> str:
        session.get_one(Party, number).name = claim.purpose
        return "Changed."

    def read(session: Session) -> dict[str, Any]:
        return {"purpose": session.get_one(Party, number).name}

    form = Form(Claim, name=NAME, record_id=number, on_submit=change, initial=read)
    assert form.values["purpose"] == "old"
    assert submit(form, RIGHT)["fresh"]["purpose"] == "Trip"
    plain = Form(Claim, name=NAME, record_id=number, on_submit=change, initial={"purpose": "old"})
    assert submit(plain, RIGHT)["fresh"] is None


SEARCH = Search(
    find=lambda _session, text: [
        one for one in (Found(7, "Li", "Sales"), Found(8, "Wang")) if text.casefold() in one.label.casefold()
    ],
    get=lambda _session, number: Found(7, "Li", "Sales") if number == 7 else None,
)


def test_references_are_searched_labelled_and_checked(visited: Store) -> None:  # noqa: ARG001
    form = Form(Claim, name=NAME, on_submit=enter, initial={"owner_id": 7}, searches={"owner_id": SEARCH})
    assert form.described["labels"] == {"owner_id:7": "Li"}
    found = said(form, {"do": "search", "field": "owner_id", "text": "L"})["found"]
    assert found == [{"id": "7", "label": "Li", "about": "Sales"}]
    assert submit(form, RIGHT | {"owner_id": "9"})["refusals"] == {"owner_id": "is not there any more"}
    assert "text" in submit(form, RIGHT | {"owner_id": "7"}, "b")


def test_references_in_a_table_are_known_by_their_label(visited: Store) -> None:  # noqa: ARG001
    claims: list[Claim] = []
    form = Form(
        Claim, name=NAME, searches={"lines.channel_id": SEARCH},
        on_submit=lambda _session, claim: claims.append(claim) or "Kept.",  # type: ignore[func-returns-value]
    )  # fmt: skip
    table = {"columns": ["what", "day", "amount_minor", "channel_id"], "rows": [["a", "2026/3/1", "1", " wang "]]}
    submit(form, RIGHT | {"lines": table})
    assert claims[0].lines[0].channel_id == 8


def test_a_file_arrives_in_pieces_is_kept_once_and_must_still_be_there(visited: Store) -> None:  # noqa: ARG001
    form = Form(Claim, name=NAME, on_submit=enter)
    about = {"do": "upload", "upload": "u", "name": "C:\\x\\发票.pdf", "parts": 2}
    assert said(form, {**about, "part": 0}, b"abc") == {"id": "1"}
    attached = said(form, {**about, "part": 1}, b"def")["attached"]
    assert (attached["name"], attached["size"]) == ("发票.pdf", 6)
    assert attachments.path(attached["sha256"]).read_bytes() == b"abcdef"
    assert "text" in submit(form, RIGHT | {"receipt": attached})
    attachments.path(attached["sha256"]).unlink()
    assert "receipt" in submit(form, RIGHT | {"receipt": attached}, "b")["refusals"]


def test_files_that_are_empty_too_large_or_not_whole_are_refused(
    visited: Store, monkeypatch: pytest.MonkeyPatch  # noqa: ARG001
) -> None:  # fmt: skip
    form = Form(Claim, name=NAME, on_submit=enter)
    about = {"do": "upload", "upload": "u", "name": "a.pdf", "part": 0}
    assert said(form, {**about, "parts": 1})["failed"] == "a.pdf: is empty."
    assert "whole" in said(form, {**about, "part": 1, "parts": 2}, b"x")["failed"]
    monkeypatch.setattr(form._uploads, "largest", 5)
    assert "too large" in said(form, {**about, "parts": 2}, b"abcdef")["failed"]
    assert not attachments.path("0").parent.parent.exists()


class Note(BaseModel):
    text: str
    pressed: Hidden = ""


def test_a_form_with_two_buttons_hears_which_was_pressed(visited: Store) -> None:
    def sent(_session: Session, note: Note) -> str:
        return f"pressed: {note.pressed}"

    form = Form(Note, name="doc/note", also={"sent": "Save and send"}, on_submit=sent)
    assert form.described["also"] == [{"pressed": "sent", "text": "Save and send"}]
    assert submit(form, {"text": "a", "pressed": "sent"}, "a")["text"] == "pressed: sent"
    assert submit(form, {"text": "a", "pressed": ""}, "b")["text"] == "pressed: "
    assert drafts(visited) == 0


def test_what_a_record_means_is_said_before_it_is_sent(visited: Store) -> None:
    def ahead(_session: Session, claim: Claim) -> str:
        if claim.purpose == "Odd":
            raise RecordError("purpose: nobody decides on that.")
        return f"The manager decides on {claim.total_minor}."

    form = Form(Claim, name=NAME, on_submit=enter, ahead=ahead)
    form.values = dict(RIGHT)
    assert form.ahead == "The manager decides on 123450."
    form.values = RIGHT | {"total_minor": "0"}
    assert form.ahead == ""
    form.values = RIGHT | {"purpose": "Odd"}
    assert form.ahead == "purpose: nobody decides on that."
    assert drafts(visited) == 0
