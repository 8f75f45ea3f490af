"""The lists of follow-ups on both engines: what is overdue first, a customer with two cards once; the home page."""

from datetime import timedelta

from tests.customer.care.list import agent, days, greeted, listed, occasions, put, sent
from tests.customer.shop import Shop, entered, merged, said, shop, undone

from marketbook.customer.care import lists, today
from marketbook.kit.records import roles
from marketbook.office.activity import Activity

__all__ = ["shop"]

TODAY = roles.today()


def due(shop: Shop, who: str) -> list[tuple[str, str, str]]:
    with shop.store.reading() as session:
        rows = lists.first(session, shop.people[who], size=50)
        return [(row["when"], row["customer"], row["what"]) for row in rows]


def test_what_is_overdue_comes_first_and_what_is_to_come_stands_apart(shop: Shop) -> None:
    who = agent(shop, "order")
    late, now, soon = (entered(shop, name, by=who, met_on=TODAY - days(ago)) for name, ago in
                       (("晚", 300), ("今", 180), ("后", 175)))  # fmt: skip
    put(shop, TODAY)
    with shop.store.writing(actor=shop.people[who]) as session:
        one = listed(shop, late)
        assert one is not None
        found = session.get_one(Activity, one.id)
        found.due_on, found.version = TODAY - days(2), found.version + 1
    assert due(shop, who) == [("2 days late", "晚", "Call"), ("today", "今", "Call")]
    with shop.store.reading() as session:
        coming = lists.coming(shop.people[who]).page(session, lists.Order()).rows
        assert [row["customer"] for row in coming] == ["后"]
        assert lists.count(session, shop.people[who]) == (2, 1)
        piece = today.own(session, shop.people[who])
    assert (piece.count, [one.late for one in piece.lines], piece.figures) == (2, [True, False], [("late", "1")])
    assert (listed(shop, now) is not None, listed(shop, soon) is not None) == (True, True)


def test_a_customer_with_two_cards_is_on_the_list_once_and_twice_again_when_the_merge_is_undone(shop: Shop) -> None:
    who = agent(shop, "twice")
    kept, other = (entered(shop, name, by=who, met_on=TODAY - days(200)) for name in ("甲", "乙"))
    put(shop, TODAY)
    merged(shop, kept, other)
    assert due(shop, who) == [("today", "甲", "Call")]
    undone(shop, other)
    assert due(shop, who) == [("today", "甲", "Call"), ("today", "乙", "Call")]


def test_what_is_on_a_merged_card_is_told_by_the_name_of_the_card_that_was_kept(shop: Shop) -> None:
    who = agent(shop, "named")
    kept, other = entered(shop, "甲", by=who), entered(shop, "乙", by=who, met_on=TODAY - days(200))
    put(shop, TODAY)
    merged(shop, kept, other)
    assert due(shop, who) == [("today", "甲", "Call")]


def test_who_was_greeted_by_one_card_is_not_greeted_by_the_other(shop: Shop) -> None:
    who, birthday = agent(shop, "greeted"), f"{TODAY:%m-%d}"
    kept, other = (entered(shop, name, by=who, birthday=birthday) for name in ("甲", "乙"))
    for number in (kept, other):
        said(shop, number, given=True, said_on=TODAY - timedelta(1))
    greeted(shop, TODAY)
    merged(shop, kept, other)
    assert due(shop, who) == [("today", "甲", "Birthday")]
    sent(shop, occasions(shop, other)[0].activity_id, by=who)
    assert due(shop, who) == []
    undone(shop, other)
    assert due(shop, who) == [("today", "甲", "Birthday")]


def test_only_a_manager_reads_everybody_s(shop: Shop) -> None:
    assert len(lists.views(shop.people["sales"], {"sales"})) == 2
    assert len(lists.views(shop.people["manager"], {"manager"})) == 3
    with shop.store.reading() as session:
        assert today.everybodys(session, 0).count >= 3
