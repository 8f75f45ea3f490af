"""Which blocks of the home page a role sees, and in which order."""

from datetime import UTC, datetime

import pytest

from marketbook.app.server.home import blocks, chapters
from marketbook.app.server.home.blocks import Reading
from marketbook.kit.records.person import ROLES
from marketbook.kit.records.sessions import SignedIn
from marketbook.office.decision_score import Score

MOMENT = datetime(2025, 6, 2, tzinfo=UTC)


@pytest.mark.parametrize("role", ROLES)
def test_every_block_that_a_role_sees_is_there(role: str) -> None:
    assert set(blocks.order(frozenset({role}))) <= {block.name for block in blocks.BLOCKS}


@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_welcomed_or_has_something_to_read(role: str) -> None:
    assert {"welcome", "figures"} & set(blocks.order(frozenset({role})))


def test_what_has_to_be_done_comes_first_for_who_does_it() -> None:
    assert blocks.order(frozenset({"manager"}))[:2] == ("waiting", "needs")
    assert blocks.order(frozenset({"executive"}))[:3] == ("waiting", "welcome", "figures")


@pytest.mark.parametrize("role", ROLES)
def test_what_waits_for_a_decision_stands_first(role: str) -> None:
    assert blocks.order(frozenset({role}))[0] == "waiting"


def reading(decisions: Score | None) -> Reading:
    who = SignedIn(1, 1, 1, "director", "Gu", "en", frozenset({"director"}), False, MOMENT, MOMENT)
    return Reading(who, (), (), (), (), (), (), (), decisions=decisions)


def test_past_decisions_are_told_where_there_are_any() -> None:
    score = Score(decided=12, accepted=9, reviewed=8, ratio=0.93, held=0.75, expected=0.8)
    assert blocks.Placed("home_decisions.html.j2", score) in blocks.built(reading(score))
    for nothing in (None, Score(decided=0, accepted=0, reviewed=0, ratio=None, held=None, expected=None)):
        assert "home_decisions.html.j2" not in [block.template for block in blocks.built(reading(nothing))]


def test_of_several_roles_the_higher_orders_and_the_lower_adds() -> None:
    assert blocks.order(frozenset({"specialist", "executive"})) == blocks.USUAL


def test_who_holds_no_role_gets_the_usual() -> None:
    assert blocks.order(frozenset()) == blocks.USUAL


def test_chapters_stand_in_their_order_but_for_a_roles_own() -> None:
    names = ["general", "budget", "survey", "something-new"]
    assert chapters.in_order(names, ["director"]) == ["survey", "budget", "general", "something-new"]
    assert chapters.in_order(names, ["finance"]) == ["general", "budget", "survey", "something-new"]


def test_a_chapter_that_nobody_named_goes_by_its_folder() -> None:
    assert chapters.title("something-new") == "Something new"
