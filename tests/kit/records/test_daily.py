"""Once a day, whoever starts: what waits follows the roles of the day, and what nobody needs is taken away."""

import logging
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.kit.records.claims import claim, walk
from tests.kit.records.conftest import House, open_account

from marketbook.kit.records import Account, AccountSession, Draft, Record, daily, draft, files, roles, sessions, tidy
from marketbook.kit.records import waiting as waits
from marketbook.kit.records.tables import Waiting
from marketbook.kit.store import Store, at, now

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a chapter that another test has imported are none of ours."""
    monkeypatch.setattr(daily, "_tasks", {name: daily._tasks[name] for name in ("waiting", "tidy")})
    monkeypatch.setattr(daily, "_apart", {})


def waiting_for(house: House, number: int) -> set[int]:
    with house.store.reading() as session:
        return set(session.scalars(select(Waiting.party_id).where(Waiting.record_id == number)))


def test_it_is_done_once_a_day_also_after_a_restart(store: Store) -> None:
    assert daily.run(store, on=date(2026, 3, 1)) == ["waiting", "tidy"]
    store.close()
    assert daily.run(store, on=date(2026, 3, 1)) == []
    assert daily.run(store, on=date(2026, 2, 28)) == []
    assert daily.run(store, on=date(2026, 3, 2)) == ["waiting", "tidy"]
    with store.reading() as session:
        assert daily.last_days(session) == {"waiting": date(2026, 3, 2), "tidy": date(2026, 3, 2)}


def test_what_fails_is_logged_tried_again_and_keeps_nothing_else_from_being_done(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setitem(daily._tasks, "waiting", fail)
    with caplog.at_level(logging.ERROR):
        assert daily.run(store, on=date(2026, 3, 1)) == ["tidy"]
    assert "waiting: not done on 2026-03-01, and tried again" in caplog.text
    monkeypatch.setitem(daily._tasks, "waiting", lambda *_given: None)
    assert daily.run(store, on=date(2026, 3, 1)) == ["waiting"]


def test_a_role_that_ends_by_date_leaves_the_decision_to_another_the_day_it_ends(house: House) -> None:
    people, tomorrow = house.people, roles.today() + DAY
    number = claim(house.store, people.sales)
    walk(house.store, number, ("submitted", people.sales))
    with house.store.writing() as session:
        (own,) = (one for one in roles.grants(session, party_id=people.manager) if one.role == "manager")
        roles.end(session, grant_id=own.id, on=tomorrow)
    assert waiting_for(house, number) == {people.manager}
    daily.run(house.store, on=tomorrow)
    assert waiting_for(house, number) == {people.director}
    with house.store.writing() as session:
        roles.grant(session, party_id=people.manager, role="manager", valid_from=tomorrow)
        waits.refresh(session, on=roles.today())


def test_only_sessions_long_over_and_drafts_long_left_go(store: Store) -> None:
    made = open_account(store).account
    for days, form in ((200, "old"), (100, "young")):
        with at(now() - days * DAY), store.writing() as session:
            sessions.start(session, account_id=made.id)
            draft.save(session, account_id=made.id, form=form, content={"n": 1})
    with store.writing() as session:
        sessions.start(session, account_id=made.id)
    with store.writing() as session:
        found = tidy.tidy(session, on=roles.today())
        assert (found.sessions, found.drafts) == (2, 1)
        assert list(session.scalars(select(Draft.form))) == ["young"]
        assert session.scalar(select(func.count()).select_from(AccountSession)) == 1
        assert session.get(Account, made.id) is not None


def test_a_file_goes_only_if_it_was_never_sent_and_stands_in_no_draft(house: House, workspace: Path) -> None:
    assert workspace.is_dir()
    names = {name: files.keep(f"{name}\n".encode()) for name in ("lost", "sent", "typed", "young")}
    old = (now() - 40 * DAY).timestamp()
    for name in ("lost", "sent", "typed"):
        os.utime(files.path(names[name]), (old, old))
    made = open_account(house.store, "tidy.person").account
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        record = session.get_one(Record, number)
        files.attach(session, record, b"sent\n", name="sent.txt", kind="other", actor=house.people.sales)
        content = {"values": {"file": {"name": "typed.txt", "sha256": names["typed"], "size": 6}}}
        draft.save(session, account_id=made.id, form="x", content=content)
        assert tidy.tidy(session, on=roles.today()).files == 1
    assert {name for name, sha in names.items() if files.path(sha).exists()} == {"sent", "typed", "young"}


def test_a_file_that_is_chosen_again_is_young_again(workspace: Path) -> None:
    assert workspace.is_dir()
    sha = files.keep(b"again\n")
    old = (now() - 40 * DAY).timestamp()
    os.utime(files.path(sha), (old, old))
    files.keep(b"again\n")
    assert files.path(sha).stat().st_mtime > old + 1
