"""The lists of plans and tasks: what each holds, what they are found by, and that an index answers in the long ones."""

from datetime import timedelta
from itertools import product

import pytest
from tests.kit.forms.explaining import faults
from tests.office.company import House

from marketbook.kit.forms import rows
from marketbook.kit.forms.rows import Order, Rows
from marketbook.kit.records import advance, roles
from marketbook.office import activity
from marketbook.office.params import ActivityEntry
from marketbook.plan import screen_lists

MINE, LATE, ALL = 0, 1, 2


@pytest.fixture(scope="module")
def tasks(house: House) -> dict[str, int]:
    """Tasks of two people, by title: one is late, one is done, one has no first day."""
    today, day = roles.today(), timedelta(days=1)
    abouts = {
        "联系媒体": {"due_on": today - day, "starts_on": today - 3 * day},
        "回访客户": {"due_on": today - 2 * day, "kind": "call"},
        "写推文": {"due_on": today + day, "owner_id": house.people.manager},
        "布展": {"due_on": today + 2 * day, "starts_on": today},
    }
    found = {}
    with house.store.writing() as session:
        for title, about in abouts.items():
            entry = ActivityEntry.model_validate({"kind": "task", "title": title, **about})
            made = activity.enter(session, entry, actor=house.people.sales)
            found[title] = made.id
            if title == "回访客户":
                advance(session, made, "cancelled", actor=made.owner_id, version=made.version, reason="客户出差")
    return found


def titles(house: House, found: Rows, **asked: object) -> list[str]:
    with house.store.reading() as session:
        return [row["title"] for row in found.page(session, Order(**asked)).rows]  # type: ignore[arg-type]


@pytest.mark.parametrize("few", [5_000, -1])
def test_each_list_holds_what_it_says_in_the_order_that_is_asked_for(
    house: House, tasks: dict[str, int], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    assert tasks
    monkeypatch.setattr(rows, "FEW", few)
    lists = [view.rows for view in screen_lists.views(house.people.sales)]
    assert titles(house, lists[MINE]) == ["布展", "联系媒体"]
    assert titles(house, lists[LATE]) == ["联系媒体"]
    assert titles(house, lists[ALL], sort="due_on") == ["回访客户", "联系媒体", "写推文", "布展"]
    assert titles(house, lists[ALL], sort="first_on") == ["联系媒体", "布展", "回访客户", "写推文"]
    assert titles(house, lists[ALL], sort="first_on", descending=True) == ["布展", "联系媒体", "写推文", "回访客户"]
    assert titles(house, lists[ALL], search="客户") == ["回访客户"]
    assert titles(house, lists[ALL], search="MANAGER", sort="title") == ["写推文"]
    assert titles(house, lists[LATE], search="布") == []


def test_an_index_answers_every_order_of_the_lists_of_tasks(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "FEW", -1)
    lists = [view.rows for view in screen_lists.views(house.people.sales)]
    for found in (lists[LATE], lists[ALL]):  # what one person has, and plans and reports, are few: these are sorted
        for sort, descending in product(("", *sorted(found.columns)), (False, True)):
            assert faults(house.store, found, Order(sort=sort, descending=descending)) == [], sort
