"""Clauses are proven by what is in the records: who deletes the evidence turns the clause red."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session
from tests.office import proving
from tests.office.company import House
from tests.office.proving import BASES

from marketbook.app import catalogue
from marketbook.kit.config import settings
from marketbook.kit.errors import ParamsError
from marketbook.kit.facts import Facts, Rows
from marketbook.kit.facts.behind import behind
from marketbook.kit.language import speaking
from marketbook.kit.records import roles
from marketbook.kit.store import Store
from marketbook.office import proof
from marketbook.office.clauses import CHAPTERS, CLAUSES
from marketbook.office.evidence import Kept, Never, Whole
from marketbook.office.params import ProveClauses
from marketbook.office.proof import Proofs

LATER = {"2.2.3d"}
"""What chapters to come will keep."""


@pytest.fixture(scope="module")
def kept(house: House) -> House:
    proving.keep(house)
    return house


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with speaking("en"):
        yield


@contextmanager
def undone(house: House) -> Iterator[Session]:
    """Give a writing session and take everything back."""
    with house.store.writing(actor="system:test") as session:
        yield session
        session.rollback()


def states(proofs: Proofs) -> dict[str, str]:
    return {one.clause.number: one.state for one in proofs.clauses}


def proven(session: Session) -> dict[str, str]:
    return states(proof.prove(session, as_of=roles.today()))


def test_what_is_kept_is_green_and_what_is_not_is_red(kept: House) -> None:
    found = states(proof.read_proofs(kept.store))
    assert {number for number, state in found.items() if state != "green"} == LATER
    assert {found[number] for number in LATER} == {"red"}


@pytest.mark.parametrize("name", sorted(BASES))
def test_deleting_the_evidence_turns_its_clauses_red(kept: House, name: str) -> None:
    stood = {
        clause.number for clause in CLAUSES
        if any(name in _datasets(piece) for piece in clause.evidence)
    }  # fmt: skip
    assert stood
    with undone(kept) as session:
        before = proven(session)
        proving.delete(session, BASES[name])
        after = proven(session)
    assert {before[number] for number in stood - LATER} <= {"green"}
    assert {after[number] for number in stood} == {"red"}


def _datasets(piece: Kept | Never | Whole) -> set[str]:
    if isinstance(piece, Whole):
        return {"audit_log"}
    return {piece.rows.dataset}


def test_every_clause_has_evidence_of_its_own_to_delete() -> None:
    asked = {name for clause in CLAUSES for piece in clause.evidence for name in _datasets(piece)}
    assert asked == set(BASES) == set(ProveClauses.views)
    assert [clause.number for clause in CLAUSES if not clause.evidence] == []
    assert {clause.chapter for clause in CLAUSES} == set(CHAPTERS)
    assert len({clause.number for clause in CLAUSES}) == len(CLAUSES) == 54


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE complaint SET resolution = ''", {"8.3.2"}),
        ("UPDATE complaint SET cause = NULL", {"8.3.3"}),
        ("UPDATE opportunity SET order_no = NULL, order_minor = NULL", {"2.2.4b"}),
        ("UPDATE party SET status = 'left' WHERE kind = 'employee' AND name = 'sales'", {"1.2"}),
        ("UPDATE expense_line SET invoice_id = NULL", {"9.2.2"}),
        ("UPDATE plan SET feasibility = ''", {"4.1.3", "9.1.3"}),
        ("UPDATE status_change SET reason = '' WHERE to_status = 'rejected'", {"9.2.3"}),
        ("UPDATE party SET manager_id = NULL WHERE name = 'sales'", {"2.1"}),
        ("UPDATE audit_log SET new = '{}' WHERE seq = 7", {"1.3.5", "9.3.3"}),
    ],
)
def test_breaking_a_rule_turns_its_clauses_red(kept: House, statement: str, broken: set[str]) -> None:
    with undone(kept) as session:
        before = proven(session)
        proving.unguarded(session)
        session.execute(text(statement))
        after = proven(session)
    assert {number for number in before if after[number] != before[number]} == broken
    assert {after[number] for number in broken} == {"red"}


def test_old_evidence_is_amber(kept: House) -> None:
    later = states(proof.read_proofs(kept.store, as_of=roles.today() + timedelta(days=60)))
    assert {later[number] for number in ("2.2.2c", "9.3.2", "9.2.1", "4.2.1")} == {"amber"}
    assert {later[number] for number in ("4.1.1", "2.2.1a", "9.2.2")} == {"green"}


def test_what_came_later_does_not_count(kept: House) -> None:
    before = states(proof.read_proofs(kept.store, as_of=roles.today() - timedelta(days=1)))
    assert {before[number] for number in ("4.1.1", "9.2.1", "9.3.2", "2.2.2c")} == {"red"}


def test_an_empty_store_proves_nothing(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Store(f"sqlite:///{tmp_path_factory.mktemp('empty')}/store.db")
    empty.upgrade()
    found = proof.read_proofs(empty)
    assert found.counts() == {"green": 0, "amber": 0, "red": 54}
    assert "0 of 54 clauses are proven" in proof.summary(found).text
    empty.close()


def test_each_count_opens_its_records(kept: House) -> None:
    declared = catalogue.with_views()
    proofs = proof.read_proofs(kept.store)

    def opened(rows: Rows) -> int:
        again = Rows.decode(rows.encode(), declared)
        return behind(Facts(settings().facts), declared, again, store=kept.store).count

    for chapter in CHAPTERS:
        found = proof.of_chapter(proofs, chapter)
        shown, rows = found.table, found.behind()
        assert [opened(one) for one in rows.table] == shown["count_rows"].tolist()
        assert [opened(one) for one in rows.cells["count_recent"]] == shown["count_recent"].tolist()


def test_it_counts_by_chapter(kept: House) -> None:
    found = proof.summary(proof.read_proofs(kept.store))
    assert found.numbers() == {"count_green": 53, "count_amber": 0, "count_red": 1}
    assert found.table["count_clauses"].tolist() == [7, 21, 7, 1, 9, 9]
    assert proof.of_chapter(found.proofs, "2").text == "Red: 2.2.3d."
    assert proof.of_chapter(found.proofs, "9").text == "Every clause is proven."


@pytest.mark.parametrize(
    ("given", "said"), [({"as_of": "soon"}, "as_of: found 'soon'"), ({"month": "2026-01"}, "month: unknown")]
)
def test_wrong_parameters_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ParamsError, match=said):
        ProveClauses.check(given)


@pytest.mark.parametrize(("language", "said"), [("zh_Hans", "项条款中"), ("zh_Hant", "項條款中")])
def test_it_speaks_chinese(kept: House, language: str, said: str) -> None:
    with speaking(language):
        assert said in proof.summary(proof.read_proofs(kept.store)).text
