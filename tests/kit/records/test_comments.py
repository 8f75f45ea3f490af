"""Comments, and whom they mention."""

import pytest
from tests.kit.records.claims import Claim, claim
from tests.kit.records.conftest import House, enter

from marketbook.kit.records import Comment, comments, notices


@pytest.fixture(scope="module")
def colleagues(house: House) -> dict[str, int]:
    made = {name: enter(house.store, name) for name in ("张三", "张三丰", "李四", "王 五")}
    return made | {"双": enter(house.store, "赵六"), "双2": enter(house.store, "赵六")}


def say(house: House, words: str, mentions: tuple[int, ...] = ()) -> Comment:
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        record = session.get_one(Claim, number)
        return comments.comment(session, record, words, actor=house.people.sales, mentions=mentions)


def named(house: House, made: Comment) -> set[int]:
    with house.store.reading() as session:
        return set(comments.mentioned(session, comment_id=made.id))


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("请@李四看一下", ["李四"]),
        ("请 ＠李四 看一下", ["李四"]),
        ("@张三丰和@张三都看看", ["张三", "张三丰"]),
        ("@张三，@张三", ["张三"]),
        ("@王 五", ["王 五"]),
        ("mail me: a@b.cn, or @nobody", []),
        ("没有提到谁", []),
    ],
)
def test_the_longest_name_after_an_at_is_meant(
    house: House, colleagues: dict[str, int], words: str, who: list[str]
) -> None:
    made = say(house, words)
    assert named(house, made) == {colleagues[name] for name in who}
    with house.store.reading() as session:
        for name in who:
            found = notices.listed(session, party_id=colleagues[name], size=1)[0]
            assert (found.record_id, found.kind) == (made.record_id, "mentioned")


def test_of_two_with_one_name_it_must_be_said_which(house: House, colleagues: dict[str, int]) -> None:
    with pytest.raises(Exception, match="赵六 is the name of 2 colleagues; say which one is meant"):
        say(house, "@赵六 看看")
    assert named(house, say(house, "@赵六 看看", (colleagues["双2"],))) == {colleagues["双2"]}


def test_someone_may_be_mentioned_without_being_named(house: House, colleagues: dict[str, int]) -> None:
    assert named(house, say(house, "看看", (colleagues["李四"],))) == {colleagues["李四"]}
    with pytest.raises(Exception, match="Party 999999 is not an employee at work"):
        say(house, "看看", (999_999,))


def test_nobody_is_told_of_his_own_words(house: House) -> None:
    made = say(house, "@sales 自言自语")
    with house.store.reading() as session:
        assert made.record_id not in [one.record_id for one in notices.listed(session, party_id=house.people.sales)]


def test_comments_are_listed_in_order_and_paged(house: House) -> None:
    number = claim(house.store, house.people.sales)
    with house.store.writing() as session:
        record = session.get_one(Claim, number)
        made = [comments.comment(session, record, word, actor=house.people.manager).id for word in "一二三"]
        first = comments.listed(session, record_id=number, size=2)
        rest = comments.listed(session, record_id=number, after=first[-1].id)
    assert [one.id for one in (*first, *rest)] == made


@pytest.mark.parametrize(
    "statement", ["UPDATE comment SET text = 'nicer'", "DELETE FROM comment", "DELETE FROM comment_mention"]
)
def test_what_was_said_stays_said(house: House, colleagues: dict[str, int], statement: str) -> None:
    say(house, "@李四")
    assert colleagues
    with pytest.raises(Exception, match=r"never changed|never deleted"), house.store.writing() as session:
        session.connection().exec_driver_sql(statement)
