"""Two cards made one and two again, on both engines: nothing is lost, everything is put back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from tests.customer.shop import Shop, changed, entered, entry, facts, merged, mobile, said, shop, trace, undone

from marketbook.customer import consents, duplicate_list, family, index, telling
from marketbook.customer.card import DuplicatePair
from marketbook.customer.duplicates import Known
from marketbook.kit.errors import AccessError, MarketbookError, RecordError
from marketbook.kit.records import Party, external

__all__ = ["shop"]


def both(shop: Shop, *numbers: int) -> list[dict[str, object]]:
    with shop.store.reading() as session:
        return [facts(session, one) for one in numbers]


def found(shop: Shop, wanted: str) -> list[int]:
    with shop.store.reading() as session:
        return sorted(session.scalars(index.hits(session, wanted)))


def test_the_kept_card_takes_what_is_asked_for_and_what_it_lacks(shop: Shop) -> None:
    kept = entered(shop, "王芳", mobile(), needs="甲")
    other = entered(shop, "王方", mobile(), needs="乙", preferences="晚上", birthday="03-05")
    merged(shop, kept, other, take=("name",))
    one, two = both(shop, kept, other)
    assert (one["name"], one["needs"], one["preferences"], one["birthday"]) == ("王方", "甲", "晚上", "03-05")
    assert (two["status"], two["merged_into"]) == ("merged", kept)
    with shop.store.reading() as session:
        assert family.members(session, kept) == [kept, other]
        assert family.kept(session, other) == kept


def test_everything_is_put_back(shop: Shop) -> None:
    first, second = mobile(), mobile()
    kept = entered(shop, "李强", first, needs="甲")
    other = entered(shop, "李墙", second, needs="乙", birthday="03-05", company=False)
    said(shop, kept, given=True)
    said(shop, other, given=False)
    with shop.store.writing() as session:
        external.link(session, system="crm", id=f"x{other}", party_id=other)
    before = both(shop, kept, other)
    merged(shop, kept, other, take=("name", "needs", "owner_id", "met_on", "preferences"))
    assert both(shop, kept, other) != before
    undone(shop, other)
    assert both(shop, kept, other) == before
    with shop.store.reading() as session:
        assert [consents.allowed(session, one, "care") for one in (kept, other)] == [True, False]
        assert [one.party_id for one in external.listed(session, party_id=other)] == [other]
    assert (found(shop, first), found(shop, second)) == ([kept], [other])
    assert (kept in found(shop, "李强"), other in found(shop, "liqiang")) == (True, True)


def test_what_was_changed_since_the_merge_stays_when_it_is_undone(shop: Shop) -> None:
    number = mobile()
    kept, other = entered(shop, "赵一", number), entered(shop, "赵二", birthday="01-01", needs="乙")
    merged(shop, kept, other)
    changed(shop, kept, entry("赵一", number, birthday="02-02", needs="乙"))
    undone(shop, other)
    one, _two = both(shop, kept, other)
    assert (one["birthday"], one["needs"]) == ("02-02", "")


def test_a_merged_card_is_found_by_the_kept_one(shop: Shop) -> None:
    number = mobile()
    kept, other = entered(shop, "钱塘江"), entered(shop, "仇千秋", number)
    merged(shop, kept, other)
    for wanted in ("仇千秋", "qiuqianqiu", "qqq", "chouqianqiu", number, f"+86 {number}", str(other)):
        assert found(shop, wanted) == [kept], wanted
    undone(shop, other)
    assert (found(shop, "qiuqianqiu"), found(shop, number), found(shop, "钱塘江")) == ([other], [other], [kept])


def test_a_chain_of_merges_is_one_family_and_is_undone_from_its_end(shop: Shop) -> None:
    first, second, third = (entered(shop, f"孙{name}", mobile()) for name in "甲乙丙")
    merged(shop, second, third)
    merged(shop, first, second)
    with shop.store.reading() as session:
        assert family.members(session, first) == [first, second, third]
        assert family.kept(session, third) == first
    with pytest.raises(RecordError, match=rf"孙乙 \({second}\) is merged into 孙甲 \({first}\); go on there"):
        undone(shop, third)
    undone(shop, second)
    undone(shop, third)
    assert [one["merged_into"] for one in both(shop, first, second, third)] == [None, None, None]


def test_who_buys_stays_a_customer_who_buys(shop: Shop) -> None:
    kept, other = entered(shop, "周甲"), entered(shop, "周乙")
    with shop.store.writing() as session:
        session.get_one(Party, other).status = "active"
    merged(shop, kept, other)
    assert both(shop, kept)[0]["status"] == "active"
    undone(shop, other)
    assert [one["status"] for one in both(shop, kept, other)] == ["prospect", "active"]


def test_numbers_of_a_merged_card_are_kept_and_taken_away_on_the_kept_one(shop: Shop) -> None:
    first, second = mobile(), mobile()
    kept, other = entered(shop, "吴甲", first), entered(shop, "吴乙", second)
    merged(shop, kept, other)
    changed(shop, kept, entry("吴甲", first))
    assert found(shop, second) == []
    undone(shop, other)
    assert [one["points"] for one in both(shop, kept, other)] == [[("mobile", f"+86{first}", False)], []]


def test_a_merge_and_its_undoing_are_told(shop: Shop) -> None:
    kept, other = entered(shop, "郑甲"), entered(shop, "郑乙")
    merged(shop, kept, other, reason="电话里确认过")
    undone(shop, other, by="manager")
    with shop.store.reading() as session:
        told = telling.of(session, kept, reader=shop.people["sales"])
    assert [(one.who, one.what) for one in told] == [
        ("manager", "merge undone"), ("sales", "merged"), ("sales", "entered"),
    ]  # fmt: skip
    assert f"郑乙 ({other}): 电话里确认过" in told[1].text


Move = Callable[[Shop, int, int], object]

WRONG: dict[str, tuple[Move, type[MarketbookError], str]] = {
    "into itself": (lambda s, kept, _o: merged(s, kept, kept), RecordError, "into itself"),
    "without a reason": (lambda s, kept, o: merged(s, kept, o, reason=" "), RecordError, "say why the two"),
    "by a specialist": (lambda s, kept, o: merged(s, kept, o, by="specialist"), AccessError, "changed by sales"),
    "a field that is none": (lambda s, k, o: merged(s, k, o, take=("status",)), RecordError, "status cannot be taken"),
    "undone and not merged": (lambda s, kept, _o: undone(s, kept), RecordError, "is not merged"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_move_is_refused_and_leaves_no_trace(shop: Shop, name: str) -> None:
    move, error, match = WRONG[name]
    kept, other = entered(shop, "冯甲"), entered(shop, "冯乙")
    before = trace(shop.store)
    with pytest.raises(error, match=match):
        move(shop, kept, other)
    assert trace(shop.store) == before


AFTER: dict[str, tuple[Callable[[Shop, int, int, int], object], type[MarketbookError]]] = {
    "merged again": (lambda s, _k, o, third: merged(s, third, o), RecordError),
    "something merged into it": (lambda s, _k, o, third: merged(s, o, third), RecordError),
    "merged back": (lambda s, k, o, _t: merged(s, o, k), RecordError),
    "changed": (lambda s, _k, o, _t: changed(s, o, entry("陈")), RecordError),
    "a consent": (lambda s, _k, o, _t: said(s, o, given=True), RecordError),
    "undone by a specialist": (lambda s, _k, o, _t: undone(s, o, by="specialist"), AccessError),
}


@pytest.mark.parametrize("name", AFTER)
def test_a_merged_card_is_left_as_it_is(shop: Shop, name: str) -> None:
    move, error = AFTER[name]
    kept, other, third = entered(shop, "陈甲"), entered(shop, "陈乙"), entered(shop, "陈丙")
    merged(shop, kept, other)
    before = trace(shop.store)
    with pytest.raises(error, match=r"is merged into 陈甲 \(\d+\); go on there|changed by sales"):
        move(shop, kept, other, third)
    assert trace(shop.store) == before


def test_the_second_merge_of_what_was_seen_before_the_first_is_refused(shop: Shop) -> None:
    kept, other = entered(shop, "褚甲"), entered(shop, "褚乙")
    changed(shop, other, entry("褚乙", mobile()))
    before = trace(shop.store)
    with pytest.raises(RecordError, match="褚乙 was changed by sales since"):
        merged(shop, kept, other, versions=(1, 1))
    assert trace(shop.store) == before


def test_who_may_be_the_same_is_listed_merged_or_told_apart(shop: Shop) -> None:
    number = "13612340000"
    one = entered(shop, "卫兰", number, birthday="07-07")
    two = entered(shop, "卫兰", "13612340001", birthday="07-07")
    three = entered(shop, "卫兰", "13612340002")
    with shop.store.writing() as session:
        duplicate_list.refresh(session)
    mine = {one, two, three}

    def listed() -> dict[tuple[int, int], list[str]]:
        with shop.store.reading() as session:
            rows = session.scalars(select(DuplicatePair)).all()
            return {(r.first_id, r.second_id): r.reasons for r in rows if {r.first_id, r.second_id} <= mine}

    assert listed() == {
        (one, two): ["birthday", "near"],
        (one, three): ["near"],
        (two, three): ["near"],
    } or listed() == {
        (one, two): ["birthday", "near"],
        (one, three): ["near"],
    }
    with shop.store.writing() as session:
        duplicate_list.tell_apart(session, three, one, actor=shop.people["sales"])
    merged(shop, one, two)
    assert not [pair for pair in listed() if pair in ((one, two), (one, three))]
    with shop.store.writing() as session:
        duplicate_list.refresh(session)
    assert (one, three) not in listed()
    with pytest.raises(AccessError), shop.store.writing() as session:
        duplicate_list.tell_apart(session, one, two, actor=shop.people["specialist"])


def test_whom_a_new_customer_may_be_is_said_before_it_is_entered(shop: Shop) -> None:
    number = mobile()
    there = entered(shop, "蒋平", number, birthday="08-08")
    value = f"+86{number}"
    with shop.store.reading() as session:
        alike = [
            duplicate_list.alike(session, Known(0, name, points, birthday))
            for name, points, birthday in (
                ("蒋平", [], "08-08"), ("别人", [("mobile", value)], ""), ("蒋平", [], ""),
                ("蒋平", [("mobile", f"{value[:-1]}x")], ""),
            )
        ]  # fmt: skip
    assert [[(one.second, one.reasons) for one in pairs] for pairs in alike] == [
        [(there, ["birthday"])], [(there, ["contact"])], [], [(there, ["near"])],
    ]  # fmt: skip
