"""The rows behind the reports of money: conditions become SQL, and a page of rows adds up as the figures do."""

from datetime import timedelta

import pytest
from tests.office.company import House, budget, paid, request, submitted, walk

from marketbook.app import catalogue
from marketbook.expense import data, figures
from marketbook.kit.config import settings
from marketbook.kit.facts import Facts, Rows, sources_read
from marketbook.kit.facts.behind import Page, all_behind, behind
from marketbook.kit.facts.view import fingerprint, read
from marketbook.kit.records import roles
from marketbook.office.budget_line import BudgetLine

DECLARED = catalogue.with_views()
TODAY = roles.today()
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def line(house: House) -> int:
    """A line with a request, a payment of it, and a claim that waits."""
    made = budget(house)
    asked = request(house, made, 300_000)
    paid(house, made, 120_001, request_id=asked)
    waiting = submitted(house, made, 50_000)
    walk(house, submitted(house, made, 777), ("rejected", house.people.manager))
    assert waiting
    return made


def opened(house: House, rows: Rows, **about: int) -> Page:
    again = Rows.decode(rows.encode(seen="0" * 16), DECLARED)
    return behind(Facts(settings().facts), DECLARED, again, store=house.store, **about)


def test_the_rows_behind_a_line_add_up_to_it(house: House, line: int) -> None:
    claimed = opened(house, Rows("claim_lines").being(budget_line_id=line))
    own = opened(house, Rows("budget_lines").being(line_id=line))
    assert claimed.sums["amount_minor"] == own.sums["committed_minor"] + own.sums["spent_minor"] == 350_000
    spent = opened(house, Rows("claim_lines").being(budget_line_id=line, counts_as="spent"))
    assert (spent.count, spent.sums["amount_minor"]) == (1, 120_001)


def test_they_are_the_ledger(house: House, line: int) -> None:
    with house.store.reading() as session:
        plan_id = session.get_one(BudgetLine, line).plan_id
        ledger = figures.ledger(session, plan_id=plan_id)
        rows = read(session, data.CLAIM_LINES, Rows("claim_lines").being(budget_line_id=line))
        assert sources_read()["claim_lines"] == fingerprint(session, data.CLAIM_LINES)
    assert sorted(rows["amount_minor"]) == sorted(ledger["amount"])


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        (Rows("claim_lines").among("status", ["open", "submitted"]), 2),
        (Rows("claim_lines").but("status", ["open", "submitted"]), 2),
        (Rows("claim_lines").between("amount_minor", 50_000, 120_001), 2),
        (Rows("claim_lines").within("amount_minor", (-200_000, -1), (300_000, 400_000)), 2),
        (Rows("claim_lines").present("paid_on"), 2),
        (Rows("claim_lines").being(paid_on=TODAY), 2),
        (Rows("claim_lines").between("paid_on", TODAY + DAY), 0),
    ],
)
def test_conditions_are_asked_of_the_store(house: House, line: int, rows: Rows, count: int) -> None:
    assert opened(house, rows.being(budget_line_id=line)).count == count


def test_moments_are_asked_by_their_day(house: House, line: int) -> None:
    rejected = Rows("claim_steps").being(to_status="rejected")
    assert line
    everything = opened(house, rejected).count
    assert everything >= 1
    for same in (rejected.being(at=TODAY), rejected.between("at", TODAY, TODAY), rejected.within("at", (TODAY, TODAY))):
        assert opened(house, same).count == everything
    assert opened(house, rejected.between("at", None, TODAY - DAY)).count == 0
    assert opened(house, rejected.but("at", [TODAY])).count == 0


def test_pages_and_files_hold_every_row_once(house: House, line: int) -> None:
    rows = Rows("claim_lines").being(budget_line_id=line)
    pages = [opened(house, rows, limit=2, page=number) for number in (1, 2)]
    numbers = [number for page in pages for number in page.table["line_id"].to_pylist()]
    batches = list(all_behind(Facts(settings().facts), DECLARED, rows, store=house.store, most=3))
    assert (len(numbers), pages[0].pages) == (4, 2)
    assert [number for batch in batches for number in batch["line_id"].to_pylist()] == numbers[:3]


def test_every_view_can_be_read(house: House, line: int) -> None:
    assert line
    for view in data.VIEWS:
        with house.store.reading() as session:
            found = read(session, view)
        assert list(found.columns) == view.columns
        assert not found.duplicated(list(view.key)).any()
        assert len(found)
