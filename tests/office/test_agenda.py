"""What somebody has to do: each role sees its own pieces, in their order, and none that says nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from marketbook.kit.store import Store
from marketbook.office import agenda
from marketbook.office.agenda import Line, Piece


@pytest.fixture(autouse=True)
def _own_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "_known", {})


def saying(title: str, *lines: str, nothing: str = "") -> Callable[[Session, int], Piece]:
    def make(_session: Session, party_id: int) -> Piece:
        return Piece(title, "office/decide", "Open", [Line(party_id, one) for one in lines], len(lines), nothing)

    return make


def titles(store: Store, *roles: str) -> list[str]:
    with store.reading() as session:
        return [piece.title for piece in agenda.of(session, party_id=7, roles=roles)]


def test_each_role_sees_its_own_in_their_order(store: Store) -> None:
    agenda.register("later", saying("Later", "a"), roles=("sales", "service"), place=20)
    agenda.register("first", saying("First", "b"), roles=("service",), place=10)
    assert titles(store, "service") == ["First", "Later"]
    assert titles(store, "sales") == ["Later"]
    assert titles(store, "finance") == []


def test_what_has_nothing_to_say_stays_away(store: Store) -> None:
    agenda.register("empty", saying("Empty"), roles=("sales",), place=1)
    agenda.register("told", saying("Told", nothing="Nothing is due."), roles=("sales",), place=2)
    agenda.register("silent", lambda _session, _party: None, roles=("sales",), place=3)
    assert titles(store, "sales") == ["Told"]


def test_a_piece_is_told_whose_home_it_is(store: Store) -> None:
    agenda.register("own", saying("Own", "a"), roles=("sales",), place=1)
    with store.reading() as session:
        (piece,) = agenda.of(session, party_id=7, roles=["sales"])
    assert [line.record_id for line in piece.lines] == [7]
