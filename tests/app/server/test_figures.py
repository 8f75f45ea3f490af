"""The newest figures of reports, what they are compared with, and what failed."""

from datetime import timedelta

import pytest
from sqlalchemy import event
from tests.app.conftest import Make
from tests.app.server.runs import MONDAY, enter, numbers

from marketbook.app import catalogue
from marketbook.app.catalogue import Report
from marketbook.app.server.home import figures
from marketbook.app.server.home.figures import Card, Failure
from marketbook.kit import language
from marketbook.kit.store import Store, now


@pytest.fixture
def report(make: Make) -> Report:
    make("count-things")
    return catalogue.reports()[0]


def card(store: Store, report: Report, spoken: str = "zh_Hans") -> Card:
    with language.speaking(spoken), store.reading() as session:
        (found,) = figures.cards(session, [report])
    return found


def failures(store: Store, report: Report) -> list[Failure]:
    with store.reading() as session:
        return figures.failures(session, [report])


def test_a_report_that_never_ran_has_no_card(store: Store, report: Report) -> None:
    with store.reading() as session:
        assert figures.cards(session, [report]) == []


def test_the_first_findings_numbers_are_compared_with_the_run_before(store: Store, report: Report) -> None:
    enter(store, report, weeks_ago=1, numbers=numbers(0.48, 100))
    enter(store, report, numbers=numbers(0.503, 100))
    with language.speaking("zh_Hans"):
        share, count = card(store, report).figures
    assert (share.title, share.written) == ("知名度", "50.3%")
    assert share.change is not None
    assert count.change is not None
    assert (share.change.written, count.change.written) == ("+2.3 个百分点", "与上次相同")


def test_a_single_run_is_compared_with_nothing(store: Store, report: Report) -> None:
    enter(store, report)
    found = card(store, report)
    assert found.before is None
    assert [figure.change for figure in found.figures] == [None, None]


def test_a_repetition_is_not_the_run_before(store: Store, report: Report) -> None:
    first = enter(store, report, weeks_ago=1)
    enter(store, report, scheduled_for=None, data={"sales": "0"}, started_at=MONDAY)
    enter(store, report, scheduled_for=None, data={"sales": "0"}, started_at=MONDAY + timedelta(hours=1))
    before = card(store, report).before
    assert before is not None
    assert before.id == first


def test_a_run_with_parameters_of_its_own_does_not_take_the_place(store: Store, report: Report) -> None:
    usual = enter(store, report, weeks_ago=1)
    enter(store, report, parameters_hash="f" * 64, scheduled_for=None)
    found = card(store, report)
    assert (found.run.id, found.standing, found.before) == (usual, True, None)


def test_without_a_usual_run_another_is_shown_and_said_to_be_one(store: Store, report: Report) -> None:
    other = enter(store, report, parameters_hash="f" * 64, scheduled_for=None)
    found = card(store, report)
    assert (found.run.id, found.standing) == (other, False)


def test_a_reader_gets_the_own_language_first(store: Store, report: Report) -> None:
    english = enter(store, report, weeks_ago=1, language="en", headline="Half know us.")
    enter(store, report)
    found = card(store, report, "en")
    assert (found.run.id, found.is_foreign, found.headline) == (english, False, "Half know us.")


def test_else_the_newest_of_any_language_and_says_so(store: Store, report: Report) -> None:
    enter(store, report)
    found = card(store, report, "en")
    assert (found.is_foreign, found.language, found.headline) == (True, "zh_Hans", "一半的人知道青禾优品。")


def test_traditional_chinese_is_made_from_the_simplified_run(store: Store, report: Report) -> None:
    enter(store, report)
    found = card(store, report, "zh_Hant")
    assert (found.is_foreign, found.headline) == (False, "一半的人知道青禾優品。")


def test_a_failure_is_told_until_a_run_succeeds(store: Store, report: Report) -> None:
    moment = now()
    failed = {"status": "failed", "folder": "", "error": "单元格 [4]，`x = 1`：DataError: 第 3 行为负数。"}
    enter(store, report, started_at=moment - timedelta(hours=2), scheduled_for=None, **failed)
    (found,) = failures(store, report)
    assert found.reason == "第 3 行为负数。"
    enter(store, report, started_at=moment - timedelta(hours=1), scheduled_for=None)
    assert failures(store, report) == []


def test_a_failure_in_two_languages_is_one(store: Store, report: Report) -> None:
    moment = now() - timedelta(hours=1)
    for spoken in ("zh_Hans", "en"):
        enter(store, report, started_at=moment, language=spoken, status="failed", error="no disk space")
    (found,) = failures(store, report)
    assert (sorted(found.languages), found.reason) == (["en", "zh_Hans"], "no disk space")


def test_old_failures_and_trials_with_other_parameters_are_not_told(store: Store, report: Report) -> None:
    enter(store, report, status="failed", error="old", started_at=now() - timedelta(days=40))
    trial = {"parameters_hash": "f" * 64, "scheduled_for": None, "started_at": now()}
    enter(store, report, status="failed", error="trial", **trial)
    assert failures(store, report) == []


def test_the_store_is_asked_twice_however_many_reports_there_are(store: Store, make: Make) -> None:
    for name in ("count-things", "weigh-things", "name-things"):
        make(name)
    reports = catalogue.reports()
    for report in reports:
        enter(store, report)
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with store.reading() as session:
        figures.cards(session, reports)
        figures.failures(session, reports)
    assert sum(statement.lstrip().startswith("SELECT notebook_run") for statement in asked) == 2
