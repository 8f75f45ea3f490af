"""Which blocks of the home page a role sees, and in which order."""

import pytest

from marketbook.app.server.home import blocks, chapters
from marketbook.kit.records.person import ROLES


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
