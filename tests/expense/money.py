"""A year with money in every state, whose figures were reckoned by hand."""

from tests.office.company import MONTH, YEAR, House, paid, plan, request, submitted, transfer, walk

from marketbook.kit.records import Record
from marketbook.office import budget_line
from marketbook.office.budget_line import BudgetLine

MAY, JULY, DECEMBER = f"{YEAR}-05", f"{YEAR}-07", f"{YEAR}-12"


def year(house: House) -> str:
    """Make a plan of which some is spent, promised, requested, moved, refused and not foreseen; return its number.

    By the end of June: spent 500,001 (展会 June 400,001, 热点 100,000), promised 99,999 (展会 June), of 1,650,000
    approved and 1,950,000 allocated (300,000 came from July for 热点); 99,000 of May's 物料 are spent.
    """
    may, june, july, _december, _other = plan(
        house,
        {"item": "物料", "original": 100_000, "month": MAY, "category": "promotion"},
        {"item": "展会", "original": 1_000_000},
        {"item": "展会", "original": 1_000_000, "month": JULY},
        {"item": "展会", "original": 500_000, "month": DECEMBER},
        {"item": "物料", "original": 50_000, "category": "promotion"},
    )
    with house.store.writing() as session:
        key = session.get_one(BudgetLine, june).plan_id
        about = {"category": "advertising", "month": MONTH, "item": "热点"}
        fresh = budget_line.open_unplanned(session, plan_id=key, **about, actor=house.people.sales).id
        number = session.get_one(Record, key).number
    walk(house, transfer(house, 300_000, july, fresh), ("approved", house.people.director))
    paid(house, may, 99_000)
    paid(house, june, 400_001)
    submitted(house, june, 99_999)
    paid(house, fresh, 100_000)
    asked = request(house, july, 300_000)
    paid(house, july, 120_000, request_id=asked)
    submitted(house, july, 30_000, request_id=asked)
    walk(house, submitted(house, june, 500), ("rejected", house.people.manager))
    walk(house, submitted(house, june, 600), ("draft", house.people.manager))
    return number
