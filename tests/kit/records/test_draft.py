"""Drafts: one for each account, form and record; the last one saved is there."""

import pytest
from sqlalchemy import select
from tests.kit.records.conftest import open_account

from marketbook.kit.errors import RecordError
from marketbook.kit.records import Draft, draft
from marketbook.kit.store import Store, now

FORM = "expense/claim"


@pytest.fixture
def number(store: Store) -> int:
    return open_account(store).account.id


def save(store: Store, number: int, content: object, record: int | None = None, form: str = FORM) -> None:
    with store.writing() as session:
        draft.save(session, account_id=number, form=form, content=content, record_id=record)  # type: ignore[arg-type]


def load(store: Store, number: int, record: int | None = None) -> object:
    with store.reading() as session:
        found = draft.load(session, account_id=number, form=FORM, record_id=record)
        return found.content if found else None


@pytest.mark.parametrize("record", [None, 7])
def test_the_last_one_saved_is_there_after_a_restart(store: Store, number: int, record: int | None) -> None:
    save(store, number, {"purpose": "出差"}, record)
    save(store, number, {"purpose": "出差 \x00 <script>", "lines": [[1, None, "½"]]}, record)
    store.close()
    assert load(store, number, record) == {"purpose": "出差 \x00 <script>", "lines": [[1, None, "½"]]}
    with store.reading() as session:
        assert len(session.scalars(select(Draft)).all()) == 1


def test_drafts_of_others_forms_and_records_are_others(store: Store, number: int) -> None:
    other = open_account(store, "li.si").account.id
    save(store, number, {"n": 1})
    save(store, number, {"n": 2}, 7)
    save(store, other, {"n": 3})
    assert [load(store, number), load(store, number, 7), load(store, other), load(store, other, 7)] == [
        *({"n": 1}, {"n": 2}, {"n": 3}),
        None,
    ]


def test_a_draft_is_discarded_once_and_alone(store: Store, number: int) -> None:
    save(store, number, {"n": 1})
    save(store, number, {"n": 2}, 7)
    with store.writing() as session:
        gone = [draft.discard(session, account_id=number, form=FORM) for _each in range(2)]
    assert (gone, load(store, number), load(store, number, 7)) == ([True, False], None, {"n": 2})


def test_a_paste_of_500_lines_fits(store: Store, number: int) -> None:
    lines = [[f"{row}-{column} 一二三四五" for column in range(14)] for row in range(500)]
    save(store, number, {"lines": lines})
    assert load(store, number) == {"lines": lines}


@pytest.mark.parametrize(
    ("content", "form", "message"),
    [
        ({"n": float("nan")}, FORM, "expense/claim: the draft is not JSON"),
        ({"n": {1, 2}}, FORM, "the draft is not JSON"),
        ({"n": "x" * 1_000_000}, FORM, "has 1,000,009 characters; at most 1,000,000 are kept"),
        ({}, "", "its name must have 1 to 100 characters"),
        ({}, "x" * 101, "its name must have 1 to 100 characters"),
    ],
)
def test_it_refuses_a_draft_that_cannot_be_kept(
    store: Store, number: int, content: object, form: str, message: str
) -> None:
    with pytest.raises(RecordError, match=message):
        save(store, number, content, form=form)
    assert load(store, number) is None


@pytest.mark.parametrize("record", [None, 7])
def test_the_database_itself_refuses_a_second_draft_and_one_of_nobody(
    store: Store, number: int, record: int | None
) -> None:
    save(store, number, {}, record)
    for owner in (number, 99):
        with pytest.raises(Exception, match=r"UNIQUE|unique|FOREIGN KEY|foreign key"), store.writing() as session:
            session.add(Draft(account_id=owner, form=FORM, record_id=record, content={}, saved_at=now()))


def test_a_second_tab_notices_the_first_and_writes_nothing_over(store: Store, number: int) -> None:
    save(store, number, {"values": {"n": 1}, "at": 5, "tab": "one"})
    save(store, number, {"values": {"n": 2}, "at": 6, "tab": "one"})
    with pytest.raises(draft.ElsewhereError, match="also typed into in another tab") as told:
        save(store, number, {"values": {"n": 9}, "at": 7, "tab": "two"})
    assert (told.value.content["values"], load(store, number)) == ({"n": 2}, told.value.content)
    with store.writing() as session:
        content = {"values": {"n": 9}, "at": 7, "tab": "two"}
        draft.save(session, account_id=number, form=FORM, content=content, after=6)
    assert load(store, number) == content


def test_what_is_sent_drops_its_own_draft_and_no_other_tabs(store: Store, number: int) -> None:
    save(store, number, {"values": {"n": 1}, "at": 5, "tab": "one"})
    with store.writing() as session:
        about = {"account_id": number, "form": FORM, "record_id": None}
        assert not draft.settle(session, **about, tab="two", after=None)  # type: ignore[arg-type]
        assert draft.settle(session, **about, tab="two", after=5)  # type: ignore[arg-type]
        assert not draft.settle(session, **about, tab="two", after=5)  # type: ignore[arg-type]
