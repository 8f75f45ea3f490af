"""The history on SQLite and PostgreSQL: one running row an identity, one success a scheduled time."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from marketbook.app import history, process
from marketbook.app.history import Identity, NotebookRun
from marketbook.kit.errors import RunError
from marketbook.kit.records import Party, person
from marketbook.kit.store import Store, audit, triggers
from marketbook.kit.store.audit import AuditLog

MONDAY = datetime(2026, 11, 23, 7, tzinfo=UTC)
BY_HAND = Identity("trial/count-things", "", "en", {"n": 3})
SCHEDULED = Identity("trial/count-things", "", "en", {"n": 3}, MONDAY)


def start(store: Store, identity: Identity) -> int:
    with store.writing() as session:
        return history.start(session, identity, versions={"python": "3"}).id


def succeed(store: Store, number: int) -> None:
    with store.writing() as session:
        history.succeed(session, number, folder="f", headline="h", numbers=[{"name": "n"}], data={"a": "b"})


def test_a_run_is_entered_and_ends(store: Store) -> None:
    number = start(store, BY_HAND)
    succeed(store, number)
    with store.reading() as session:
        (run,) = history.recent(session, notebook="trial/count-things")
    assert (run.status, run.headline, run.numbers, run.data) == ("succeeded", "h", [{"name": "n"}], {"a": "b"})
    assert run.seconds is not None


@pytest.mark.parametrize("identity", [BY_HAND, SCHEDULED])
def test_the_same_run_twice_at_once_is_refused(store: Store, identity: Identity) -> None:
    start(store, identity)
    with pytest.raises(RunError, match="running already with the same parameters, since"):
        start(store, identity)


@pytest.mark.parametrize("identity", [BY_HAND, SCHEDULED])
def test_the_database_itself_holds_one_running_row(
    store: Store, identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_refuse_a_second", lambda *_: None)
    start(store, identity)
    with pytest.raises(IntegrityError):
        start(store, identity)


def test_runs_by_hand_are_unlimited_one_after_another(store: Store) -> None:
    for _ in range(3):
        succeed(store, start(store, BY_HAND))
    with store.reading() as session:
        assert [run.status for run in history.recent(session)] == ["succeeded"] * 3


def test_other_parameters_or_another_language_may_run_beside(store: Store) -> None:
    start(store, BY_HAND)
    start(store, replace(BY_HAND, parameters={"n": 4}))
    start(store, replace(BY_HAND, language="zh_Hans"))


def test_a_scheduled_time_succeeds_once(store: Store) -> None:
    succeed(store, start(store, SCHEDULED))
    with pytest.raises(RunError, match="has succeeded for this scheduled time already"):
        start(store, SCHEDULED)


def test_the_database_itself_holds_one_success(store: Store) -> None:
    first, second = start(store, SCHEDULED), start(store, Identity("trial/count-things", "", "en", {"n": 4}, MONDAY))
    succeed(store, first)
    with pytest.raises(RunError, match="has succeeded for this scheduled time already"):
        succeed(store, second)


def test_a_scheduled_time_that_failed_may_be_tried_again(store: Store) -> None:
    with store.writing() as session:
        history.fail(session, history.start(session, SCHEDULED, versions={}).id, error="e", cell=2)
    succeed(store, start(store, SCHEDULED))
    with store.reading() as session:
        asked = {"notebook": "trial/count-things", "variant": "", "language": "en"}
        assert history.attempts(session, **asked, scheduled_for=MONDAY) == ["failed", "succeeded"]
        assert history.attempts(session, **asked, scheduled_for=MONDAY + timedelta(days=7)) == []


def test_a_run_that_is_over_cannot_end_again(store: Store) -> None:
    number = start(store, BY_HAND)
    succeed(store, number)
    with pytest.raises(RunError, match=f"Run {number} is not running any more"):
        succeed(store, number)


def test_what_a_dead_process_left_running_has_failed(store: Store) -> None:
    code = "from marketbook.app import process; print(process.own())"
    dead = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    number, alive = start(store, BY_HAND), start(store, SCHEDULED)
    with store.writing() as session:
        session.execute(update(NotebookRun).where(NotebookRun.id == number).values(process=dead.stdout.strip()))
    with store.writing() as session:
        assert [run.id for run in history.fail_abandoned(session)] == [number]
    with store.reading() as session:
        assert session.get_one(NotebookRun, number).error.startswith("The process that ran it ended")
        assert session.get_one(NotebookRun, alive).status == "running"


@pytest.mark.parametrize("change", [{2: "1"}, {1: "another-boot"}, {3: "1"}])
def test_a_reused_number_or_another_boot_deceives_nobody(change: dict[int, str]) -> None:
    parts = process.own().rsplit("/", 3)
    for place, value in change.items():
        parts[place] = value
    assert process.is_gone("/".join(parts))


def test_a_process_of_another_machine_is_taken_as_alive() -> None:
    assert not process.is_gone("elsewhere/boot/1/1")


def test_each_run_notes_the_head_of_the_audit_log_which_a_rewritten_log_contradicts(store: Store) -> None:
    with store.writing() as session:
        number = person.add(session, kind="employee", name="张三").id
        head = audit.head(session)
    start(store, BY_HAND)
    with store.writing() as session:
        session.get_one(Party, number).manager_id = None
        person.add(session, kind="employee", name="李四")
        assert audit.noted(session) == [head]
        assert audit.verify(session, witnesses=audit.noted(session))
        triggers.remove(session.connection(), audit.of_log())
        session.execute(delete(AuditLog))
        told = audit.verify(session, witnesses=audit.noted(session))
        session.rollback()
    assert (told.broken, "an earlier report saw it go on" in told.text) == (head.seq, True)
