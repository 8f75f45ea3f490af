"""What rows are found by, on both engines: the same hits as looking through every text, in the order of their ids."""

import random
from collections.abc import Callable

import pytest
from alembic import command
from alembic.config import Config
from tests.kit.records import claims
from tests.kit.records.claims import Claim, People

from marketbook.kit.records import Party, documents, search
from marketbook.kit.records.search import Entry, Index, folded
from marketbook.kit.store import SETUP, Store, migrations

TRIAL = Index("trial_text")
TEXTS = (
    "差旅费 北京出差", "ＣＬＯＵＤ 云服务费", "100% off_season", 'the "best" * ever', "🎉🎉 开业 🎉", "a", "费",
    "Ça va, café", "a|b & !c <-> (d)", "O'Reilly\\back:1*", "北京北京北京", "ab abc abcd", "NEAR(a b)",
    "𠮷野家 👨\u200d👩\u200d👧", "line\u2028two", "旅", "\ue000x\ue001", "x" * 200,
)  # fmt: skip
ALPHABET = "ab旅费%_*\"':|&!()\\ 🎉ＡÉ"


@pytest.fixture
def index(store: Store) -> Store:
    with store.writing(actor=SETUP) as session:
        TRIAL.create(session.connection())
    return store


def write(store: Store, *entries: Entry) -> None:
    with store.writing() as session:
        TRIAL.write(session.connection(), entries)


def hits(store: Store, wanted: str, **asked: object) -> list[int]:
    with store.reading() as session:
        found = TRIAL.hits(session.connection(), wanted, **asked)  # type: ignore[arg-type]
        return sorted(session.scalars(found))


def test_it_finds_what_looking_through_every_text_finds(index: Store) -> None:
    chance = random.Random(5)
    texts = [*TEXTS, *("".join(chance.choices(ALPHABET, k=chance.randrange(1, 9))) for _ in range(80))]
    write(index, *(Entry(number, (one,)) for number, one in enumerate(texts, 1)))
    parts = [one[start : start + length] for one in TEXTS for start in range(6) for length in (1, 2, 3, 7, 99)]
    wanted = {
        *parts,
        *("".join(chance.choices(ALPHABET, k=n % 3 + 1)) for n in range(100)),
        "京北",
        "nothing",
        "x" * 201,
    }
    for one in filter(folded, wanted):
        assert hits(index, one) == [n for n, held in enumerate(texts, 1) if folded(one) in folded(held)], one


def test_letters_that_only_look_different_are_the_same(index: Store) -> None:
    write(index, Entry(1, ("ＣＬＯＵＤ　云服务",)), Entry(2, ("Straße",)))
    assert [hits(index, one) for one in ("cloud 云", "Cloud  云", "STRASSE", " ", "")] == [[1], [1], [2], [], []]


def test_nothing_is_found_across_two_texts_or_in_another_space(index: Store) -> None:
    write(index, Entry(1, ("北", "京"), space="EX"), Entry(2, ("北京",), space="AC"), Entry(3, ("X北",), space="AC"))
    assert hits(index, "北京", space="EX") == []
    assert hits(index, "北", space="EX") == [1]
    assert hits(index, "北京", space="AC") == [2]
    assert hits(index, "x", space="AC") == [3]


def test_a_tag_is_found_as_a_whole(index: Store) -> None:
    write(index, Entry(1, ("p1",), ("p12",)), Entry(2, ("另",), ("p1", "p3")))
    assert hits(index, "无", tags=["p1"]) == [2]
    assert hits(index, "p12") == []
    assert hits(index, "p", tags=["p3", "p12"]) == [1, 2]


def test_a_row_is_found_by_what_it_holds_now_and_then_no_more(index: Store) -> None:
    write(index, Entry(1, ("北京",)), Entry(2, ("北京",)))
    write(index, Entry(1, ("上海",)))
    assert (hits(index, "北京"), hits(index, "上海")) == ([2], [1])
    with index.writing() as session:
        TRIAL.forget(session.connection(), [1, 2])
    assert hits(index, "上海") == hits(index, "北京") == []


@pytest.fixture
def company(store: Store) -> People:
    claims.install(store)
    return claims.hire(store)


def found(store: Store, wanted: str) -> list[int]:
    with store.reading() as session:
        return sorted(session.scalars(search.records(session, wanted, prefix="CL")))


def change(store: Store, do: Callable[..., object], *args: object, **how: object) -> None:
    with store.writing() as session:
        do(session, *args, **how)


def test_a_record_is_found_by_number_title_and_owner_whatever_becomes_of_it(store: Store, company: People) -> None:
    mine, other = claims.claim(store, company.sales), claims.claim(store, company.manager)
    assert found(store, "差旅") == found(store, "费") == found(store, "cl-2") == [mine, other]
    assert found(store, "sale") == [mine]
    with store.writing() as session:
        record = session.get_one(Claim, mine)
        documents.edit(session, record, {"title": "北京 A厅 100%"}, actor=company.sales, version=1)
    assert (found(store, "差旅"), found(store, "a厅 1"), found(store, "0%")) == ([other], [mine], [mine])
    with store.writing() as session:
        session.get_one(Party, company.sales).status = "left"
    change(store, documents.hand_over, party_id=company.sales, to=company.director, actor=company.admin)
    assert (found(store, "sales"), found(store, "director")) == ([], [mine])


def test_records_that_were_there_before_the_index_are_found(store: Store, company: People) -> None:
    numbers = [claims.claim(store, owner) for owner in (company.sales, company.manager)]
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    with store.engine.execution_options(writing=True, actor=SETUP).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0008")
    store.upgrade()
    assert (found(store, "差旅费"), found(store, "sales")) == (numbers, numbers[:1])
